"""Lines of the log of accounts: written, and deleted after a year."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from annotations.models import AccountEvent, AccountEventType, Role
from annotations.models.account_log import KEPT_FOR
from annotations.queries.accounts.log import account_events_of
from annotations.services.accounts.log import (
    Origin,
    coming_from,
    delete_old_account_events,
    record_account_event,
)
from annotations.services.desks import remove_member, set_member
from annotations.services.keys import revoke_key
from annotations.tasks import delete_old_lines
from tests.factories import add_member, make_desk, make_key, make_user, member

SIGNED_IN = AccountEventType.SIGNED_IN


@pytest.mark.django_db
def test_a_line_names_address_and_device_of_the_present_request() -> None:
    user = make_user()

    with coming_from(Origin(address="2001:db8::1", device="Firefox")):
        inside = record_account_event(type=SIGNED_IN, user=user)
    outside = record_account_event(type=SIGNED_IN, user=user)

    assert (inside.address, inside.device) == ("2001:db8::1", "Firefox")
    assert (outside.address, outside.device) == (None, "")


@pytest.mark.django_db
def test_only_another_person_is_named_as_the_one_who_did_it() -> None:
    user, manager = make_user(), make_user("Manager")

    own = record_account_event(type=AccountEventType.ROLE_CHANGED, user=user, by=user)
    other = record_account_event(type=AccountEventType.ROLE_CHANGED, user=user, by=manager)

    assert own.actor is None
    assert other.actor == manager


@pytest.mark.django_db
def test_lines_of_more_than_a_year_are_deleted_by_the_schedule() -> None:
    user = make_user()
    for age in (timedelta(0), KEPT_FOR - timedelta(hours=1), KEPT_FOR + timedelta(hours=1)):
        AccountEvent.objects.create(type=SIGNED_IN, user=user, at=timezone.now() - age)

    delete_old_lines()

    assert AccountEvent.objects.filter(user=user).count() == 2
    assert delete_old_account_events() == 0


class AnyRequest(TestCase):
    @given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=400))
    def test_whatever_a_client_sends_is_written(self, device: str, address: str, note: str) -> None:
        user = make_user()

        with coming_from(Origin(address=address, device=device)):
            line = record_account_event(type=SIGNED_IN, user=user, note=note)

        line.refresh_from_db()
        assert len(line.device) <= 200
        assert (line.device + line.note).isprintable()


@pytest.mark.django_db
def test_roles_and_keys_of_a_person_stand_in_their_log() -> None:
    desk = make_desk()
    manager, editor = member(desk, Role.MANAGER), add_member(desk, Role.EDITOR)
    key, _ = make_key(desk, editor, name="Export")

    set_member(desk=desk, by=manager, user=editor, role=Role.REVIEWER)
    revoke_key(key=key, by=manager)
    remove_member(desk=desk, by=manager, user=editor)

    lines = account_events_of(editor).order_by("id")
    assert [(line.label, line.note, line.actor) for line in lines] == [
        ("Role changed", f"Editor of {desk}", manager),
        ("API key made", f"Export ({desk})", None),
        ("Role changed", f"Reviewer of {desk}", manager),
        ("API key revoked", f"Export ({desk})", manager),
        ("Role changed", f"No longer a member of {desk}", manager),
    ]
