"""Closing an account: what ends, what stays, and who has to hand over first."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from annotations.errors import Conflict, Invalid, NotFound, Refused
from annotations.models import (
    AccountEvent,
    AccountEventType,
    ApiKey,
    Desk,
    Event,
    Membership,
    Role,
    User,
    Version,
)
from annotations.services.accounts.administration import close_desk, set_administrator
from annotations.services.accounts.closing import close_account, reopen_account
from annotations.services.accounts.invitations import accept, invite
from annotations.services.comments import write_comment
from annotations.services.desks import remove_member, set_member
from annotations.services.keys import use_key
from annotations.web.live.subscriptions import Reader, those_who_still_may
from tests import factories
from tests.factories import add_member, make_desk, make_user, member
from tests.models.attacks import execute, refused
from tests.services.tagging.test_at_once import at_once


@pytest.fixture
def administrator() -> User:
    return set_administrator(user=make_user("Administrator"), by=None, wanted=True)


def now(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.django_db
def test_keys_sessions_streams_and_invitations_end_and_work_keeps_the_name() -> None:
    desk = make_desk()
    person = add_member(desk, Role.MANAGER, "Second manager")
    annotation = factories.make_annotation(factories.make_source(desk), by=person)
    _, secret = factories.make_key(desk, person)
    _, token = invite(desk=desk, by=person, role=Role.EDITOR)
    client = Client()
    client.force_login(person)
    reader = Reader(person.pk, client.session.session_key or "", frozenset([desk.pk]), frozenset())
    assert those_who_still_may([reader]) == {reader}

    close_account(user=person, by=person)

    assert not now(person).is_active
    assert use_key(secret) is None
    assert client.get(f"/desks/{desk.slug}/").status_code == 302
    assert those_who_still_may([reader]) == set()
    with pytest.raises(NotFound):
        accept(token=token, by=make_user())
    assert Version.objects.get(annotation=annotation).author.name == "Second manager"
    assert AccountEvent.objects.filter(user=person, type=AccountEventType.ACCOUNT_CLOSED).exists()
    newest = Event.objects.filter(desk=desk).order_by("-seq")[0]
    assert newest.note == "the account of Second manager is closed"


@pytest.mark.django_db
def test_opened_again_the_person_is_back_and_keys_and_sessions_are_not(
    administrator: User,
) -> None:
    desk = make_desk()
    editor = member(desk, Role.EDITOR)
    _, secret = factories.make_key(desk, editor)
    client = Client()
    client.force_login(editor)

    close_account(user=editor, by=administrator)
    reopen_account(user=editor, by=administrator)
    reopen_account(user=editor, by=administrator)

    assert Membership.objects.get(desk=desk, user=editor).role == Role.EDITOR
    assert use_key(secret) is None
    assert client.get(f"/desks/{desk.slug}/").status_code == 302
    client.force_login(now(editor))
    assert client.get(f"/desks/{desk.slug}/").status_code == 200
    types = AccountEvent.objects.filter(user=editor).values_list("type", "actor")
    assert (AccountEventType.ACCOUNT_CLOSED, administrator.pk) in types
    assert list(types).count((AccountEventType.ACCOUNT_REOPENED, administrator.pk)) == 1


@pytest.mark.django_db
def test_only_the_owner_and_administrators_close() -> None:
    desk = make_desk()
    editor = member(desk, Role.EDITOR)

    for by in (member(desk, Role.MANAGER), make_user()):
        with pytest.raises(Refused):
            close_account(user=editor, by=by)
        with pytest.raises(Refused):
            reopen_account(user=editor, by=by)
    assert now(editor).is_active


@pytest.mark.django_db
def test_the_last_manager_of_a_desk_hands_over_first(administrator: User) -> None:
    desk = make_desk()
    manager = member(desk, Role.MANAGER)

    for by in (manager, administrator):
        with pytest.raises(Conflict, match="no other manager"):
            close_account(user=manager, by=by)
    with refused("closed_account_is_handed_over"):
        execute("UPDATE annotations_user SET is_active = false WHERE id = %s", manager.pk)

    set_member(desk=desk, by=manager, user=member(desk, Role.EDITOR), role=Role.MANAGER)
    close_account(user=manager, by=manager)
    assert not now(manager).is_active


@pytest.mark.django_db
def test_a_closed_manager_is_no_manager_to_hand_over_to(administrator: User) -> None:
    desk = make_desk()
    manager, second = member(desk, Role.MANAGER), add_member(desk, Role.MANAGER)
    close_account(user=second, by=administrator)

    with pytest.raises(Conflict):
        close_account(user=manager, by=manager)
    with pytest.raises(Conflict, match="needs a manager"):
        remove_member(desk=desk, by=manager, user=manager)
    with pytest.raises(Conflict, match="needs a manager"):
        set_member(desk=desk, by=manager, user=manager, role=Role.EDITOR)
    remove_member(desk=desk, by=manager, user=second)


@pytest.mark.django_db
def test_a_closed_desk_keeps_nobody_and_its_keys_end_too(administrator: User) -> None:
    desk = make_desk()
    manager = member(desk, Role.MANAGER)
    factories.make_key(desk, manager)
    invite(desk=desk, by=manager, role=Role.EDITOR)
    close_desk(desk=desk, by=administrator)

    close_account(user=manager, by=administrator)

    assert ApiKey.objects.get(user=manager).revoked_at is not None


@pytest.mark.django_db
def test_the_last_administrator_hands_over_first(administrator: User) -> None:
    with pytest.raises(Conflict, match="needs an administrator"):
        close_account(user=administrator, by=administrator)

    second = set_administrator(user=make_user(), by=administrator, wanted=True)
    close_account(user=administrator, by=administrator)
    reopened = reopen_account(user=administrator, by=second)

    assert not reopened.is_administrator


@pytest.mark.django_db
def test_nobody_adds_or_mentions_a_closed_account(administrator: User) -> None:
    desk = make_desk()
    closed = add_member(desk, Role.EDITOR)
    stranger = make_user()
    annotation = factories.make_annotation(factories.make_source(desk))
    for each in (closed, stranger):
        close_account(user=each, by=administrator)

    with pytest.raises(Conflict, match="is closed"):
        set_member(desk=desk, by=member(desk, Role.MANAGER), user=stranger, role=Role.READER)
    with pytest.raises(Conflict, match="is closed"):
        set_administrator(user=stranger, by=administrator, wanted=True)
    with pytest.raises(Invalid):
        write_comment(
            annotation=annotation,
            by=member(desk, Role.EDITOR),
            body="Look",
            thread=None,
            mentions=[closed.pk],
            id=None,
        )


@pytest.mark.django_db
def test_the_database_lets_no_closed_account_sign_in() -> None:
    person = make_user()

    with refused("a_closed_account_signs_in_no_more"):
        execute(
            "UPDATE annotations_user SET closed_at = %s WHERE id = %s", timezone.now(), person.pk
        )


@pytest.mark.django_db(transaction=True)
def test_the_last_two_managers_cannot_both_close() -> None:
    desk = make_desk()
    one, other = member(desk, Role.MANAGER), add_member(desk, Role.MANAGER)

    results = at_once(
        lambda: close_account(user=one, by=one), lambda: close_account(user=other, by=other)
    )

    assert sum(isinstance(each, Conflict) for each in results) == 1, results
    assert User.objects.filter(pk__in=[one.pk, other.pk], is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_closing_and_removing_at_once_leave_a_manager() -> None:
    desk = make_desk()
    one, other = member(desk, Role.MANAGER), add_member(desk, Role.MANAGER)

    at_once(
        lambda: close_account(user=one, by=one),
        lambda: remove_member(desk=desk, by=one, user=other),
        lambda: set_member(desk=desk, by=one, user=other, role=Role.EDITOR),
    )

    managers = Membership.objects.filter(
        desk=Desk.objects.get(), role=Role.MANAGER, user__is_active=True
    )
    assert managers.exists()


@pytest.mark.django_db
def test_whether_somebody_is_the_last_administrator_is_read_anew(administrator: User) -> None:
    stale = make_user()
    set_administrator(user=now(stale), by=administrator, wanted=True)
    set_administrator(user=administrator, by=now(stale), wanted=False)

    with pytest.raises(Conflict, match="needs an administrator"):
        close_account(user=stale, by=stale)
    with pytest.raises(Refused):
        close_account(user=make_user(), by=administrator)  # who was one when they asked
    assert now(stale).is_active


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("others", [0, 1])
@pytest.mark.parametrize("ends", ["close", "demote"])
def test_of_two_administrators_who_end_each_other_one_stays(ends: str, others: int) -> None:
    one, other, *_ = (
        set_administrator(user=make_user(), by=None, wanted=True) for _ in range(2 + others)
    )

    def end(user: User, by: User) -> User:
        if ends == "close":
            return close_account(user=user, by=by)
        return set_administrator(user=user, by=by, wanted=False)

    results = at_once(lambda: end(one, other), lambda: end(other, one))

    assert sum(isinstance(each, Conflict | Refused) for each in results) == 1, results
    assert User.objects.filter(is_staff=True, is_active=True).count() == 1 + others
