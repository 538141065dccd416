"""What several people do with one invitation at the same time."""

from __future__ import annotations

import pytest

from annotations.errors import Invalid, NotFound
from annotations.models import Invitation, Role, User
from annotations.services.accounts.invitations import accept, accept_with_new_account, invite
from annotations.services.desks import remove_member
from tests.factories import PASSWORD, add_member, make_desk, make_user, member
from tests.services.tagging.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_use_of_a_link_goes_to_one() -> None:
    desk = make_desk()
    _, token = invite(desk=desk, by=member(desk, Role.MANAGER), role=Role.EDITOR, most=2)
    people = [make_user() for _ in range(4)]

    results = at_once(*[lambda each=each: accept(token=token, by=each) for each in people])

    assert sorted(type(each).__name__ for each in results) == (["Desk"] * 2 + ["NotFound"] * 2)
    assert desk.memberships.filter(user__in=people).count() == 2


def test_one_address_gets_one_account() -> None:
    desk = make_desk()
    manager = member(desk, Role.MANAGER)
    tokens = [invite(desk=desk, by=manager, role=Role.EDITOR)[1] for _ in range(4)]

    results = at_once(
        *[
            lambda token=token: accept_with_new_account(
                token=token, name="New", email="new@example.org", password=PASSWORD
            )
            for token in tokens
        ]
    )

    assert sum(isinstance(each, Invalid) for each in results) == 3
    assert User.objects.filter(email="new@example.org").count() == 1
    assert sorted(Invitation.objects.values_list("used", flat=True)) == [0, 0, 0, 1]


def test_removing_a_manager_and_using_their_invitation_leave_no_open_door() -> None:
    desk = make_desk()
    second, friend = add_member(desk, Role.MANAGER), make_user()
    _, token = invite(desk=desk, by=second, role=Role.MANAGER, most=2)

    at_once(
        lambda: accept(token=token, by=friend),
        lambda: remove_member(desk=desk, by=member(desk, Role.MANAGER), user=second),
    )

    with pytest.raises(NotFound):
        accept(token=token, by=second)
