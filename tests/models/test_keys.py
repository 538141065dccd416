"""Keys, by SQL past every service."""

from __future__ import annotations

import pytest
from django.utils import timezone

from annotations.models import ApiKey, Membership, Role
from annotations.services.keys import use_key
from tests.factories import make_desk, make_key, make_user, member
from tests.models.attacks import execute, refused

pytestmark = pytest.mark.django_db


def test_a_key_ends_with_the_membership_however_that_ends() -> None:
    desk = make_desk()
    editor = member(desk, Role.EDITOR)
    _, secret = make_key(desk, editor)
    _, other = make_key(desk, member(desk, Role.REVIEWER))

    execute("DELETE FROM annotations_membership WHERE user_id = %s", editor.id)
    Membership.objects.create(desk=desk, user=editor, role=Role.MANAGER)

    assert use_key(secret) is None
    assert use_key(other) is not None


@pytest.mark.parametrize("value", ["NULL", "now() + interval '1 day'", "'2020-01-01'"])
def test_a_revoked_key_stays_revoked(value: str) -> None:
    desk = make_desk()
    key, _ = make_key(desk, member(desk, Role.EDITOR))
    ApiKey.objects.filter(id=key.id).update(revoked_at=timezone.now())

    with refused("revoked_key_stays_revoked"):
        execute(f"UPDATE annotations_apikey SET revoked_at = {value}")


def test_nobody_who_is_no_member_has_a_key() -> None:
    desk = make_desk()
    key, _ = make_key(desk, member(desk, Role.EDITOR))

    with refused("key_is_of_a_member"):
        ApiKey.objects.create(
            desk=desk, user=make_user(), name="x", sha256="0" * 64, scopes=key.scopes
        )


@pytest.mark.parametrize("column", ["user_id", "desk_id", "sha256"])
def test_a_key_stays_with_its_member_and_secret(column: str) -> None:
    desk, other = make_desk(), make_desk()
    make_key(desk, member(desk, Role.EDITOR))
    values = {"user_id": member(desk, Role.MANAGER).id, "desk_id": other.id, "sha256": "0" * 64}

    with refused("key_stays_with_its_member"):
        execute(f"UPDATE annotations_apikey SET {column} = %s", values[column])


def test_a_membership_is_given_to_nobody_else() -> None:
    desk = make_desk()

    with refused("membership_stays_put"):
        execute(
            "UPDATE annotations_membership SET user_id = %s WHERE user_id = %s",
            make_user().id,
            member(desk, Role.EDITOR).id,
        )
