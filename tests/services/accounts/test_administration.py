"""Administrators of the site, and what a closed desk refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from annotations.errors import Conflict, DomainError, Invalid, NotFound, Refused
from annotations.models import (
    AccountEvent,
    AccountEventType,
    Annotation,
    ApiKey,
    Decision,
    Desk,
    Event,
    EventType,
    Membership,
    Role,
    User,
)
from annotations.queries.comments import unseen_mentions
from annotations.queries.desks import desk_for
from annotations.services.accounts.administration import (
    close_desk,
    open_desk,
    reopen_desk,
    set_administrator,
)
from annotations.services.accounts.invitations import accept, invite
from annotations.services.comments import see_mentions
from annotations.services.desks import remove_member, set_member, set_public
from annotations.services.keys import revoke_key, use_key
from annotations.services.ledger import record
from tests import factories
from tests.factories import make_desk, make_user, member
from tests.models.attacks import execute, refused
from tests.services.tagging.test_at_once import at_once


def make_administrator() -> User:
    return set_administrator(user=make_user("Administrator"), by=None, wanted=True)


def a_desk(by: User, **wanted: object) -> Desk:
    values = {"slug": "new", "name": "New", "manager": by.email, "is_public": False}
    return open_desk(by=by, **values | wanted)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_an_administrator_makes_another_and_the_log_says_so() -> None:
    first, second = make_administrator(), make_user()

    set_administrator(user=second, by=first, wanted=True)
    set_administrator(user=second, by=first, wanted=True)

    line = AccountEvent.objects.get(user=second, type=AccountEventType.ADMINISTRATOR_CHANGED)
    assert line.actor == first
    assert User.objects.get(pk=second.pk).is_administrator


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_nobody_else_makes_administrators_or_desks(role: Role) -> None:
    desk = make_desk()
    by = member(desk, role)

    for attempt in (
        lambda: set_administrator(user=by, by=by, wanted=True),
        lambda: a_desk(by),
        lambda: close_desk(desk=desk, by=by),
        lambda: reopen_desk(desk=desk, by=by),
    ):
        with pytest.raises(Refused):
            attempt()


@pytest.mark.django_db
def test_the_last_administrator_stays() -> None:
    only = make_administrator()

    with pytest.raises(Conflict, match="Make another person one first"):
        set_administrator(user=only, by=only, wanted=False)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["is_staff = false", "is_active = false"])
def test_the_database_keeps_an_administrator(change: str) -> None:
    make_administrator()

    with refused("site_keeps_an_administrator"):
        execute(f"UPDATE annotations_user SET {change}")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other() -> None:
    one, other = make_administrator(), make_administrator()

    results = at_once(
        lambda: set_administrator(user=one, by=other, wanted=False),
        lambda: set_administrator(user=other, by=one, wanted=False),
    )

    assert sum(isinstance(each, DomainError) for each in results) == 1
    assert User.objects.filter(is_staff=True).count() == 1


@pytest.mark.django_db
def test_the_command_line_makes_administrators() -> None:
    user = make_user()

    call_command("make_administrator", user.email.upper())

    assert User.objects.get(pk=user.pk).is_administrator
    with pytest.raises(CommandError, match="needs an administrator"):
        call_command("make_administrator", user.email, no=True)
    with pytest.raises(CommandError, match="has no account"):
        call_command("make_administrator", "nobody@example.org")


@pytest.mark.django_db
def test_an_administrator_makes_a_desk_for_another_and_does_not_read_it() -> None:
    administrator, manager = make_administrator(), make_user()

    desk = a_desk(administrator, manager=manager.email.upper())

    assert member(desk, Role.MANAGER) == manager
    assert Event.objects.filter(desk=desk, actor=administrator).exists()
    with pytest.raises(NotFound):
        desk_for(administrator, desk.slug)


@pytest.mark.django_db
def test_a_desk_needs_a_manager_with_an_account_and_a_free_name() -> None:
    administrator = make_administrator()
    a_desk(administrator)

    with pytest.raises(Invalid) as unknown:
        a_desk(administrator, slug="other", manager="nobody@example.org")
    with pytest.raises(Invalid) as taken:
        a_desk(administrator)

    assert list(unknown.value.errors) == ["manager"]
    assert list(taken.value.errors) == ["slug"]


@pytest.fixture
def closed() -> Desk:
    """A desk with one of everything, closed."""
    desk = make_desk()
    source = factories.make_source(desk)
    factories.make_annotation(source)
    factories.submitted(factories.make_annotation(source, spans=[(8, 18)]))
    invite(desk=desk, by=member(desk, Role.MANAGER), role=Role.READER)
    return close_desk(desk=desk, by=make_administrator())


WRITES: dict[str, Callable[[Desk], object]] = {
    "import": factories.make_source,
    "tag": lambda desk: factories.make_annotation(desk.sources.all()[0]),
    "submit": lambda desk: factories.submitted(desk.annotations.order_by("created_at")[0]),
    "decide": lambda desk: factories.decided(
        desk.annotations.order_by("created_at")[1], Decision.Verdict.APPROVE
    ),
    "comment": lambda desk: factories.make_comment(desk.annotations.all()[0]),
    "entity": factories.make_entity,
    "key": lambda desk: factories.make_key(desk, member(desk, Role.EDITOR)),
    "member": lambda desk: set_member(
        desk=desk, by=member(desk, Role.MANAGER), user=make_user(), role=Role.READER
    ),
    "public": lambda desk: set_public(desk=desk, by=member(desk, Role.MANAGER), public=True),
    "invite": lambda desk: invite(desk=desk, by=member(desk, Role.MANAGER), role=Role.READER),
}


@pytest.mark.django_db
@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_written_on_a_closed_desk(closed: Desk, write: str) -> None:
    events = Event.objects.filter(desk=closed).count()

    with (
        pytest.raises((Refused, IntegrityError), match="This desk is closed"),
        transaction.atomic(),
    ):
        WRITES[write](Desk.objects.get(pk=closed.pk))

    assert Event.objects.filter(desk=closed).count() == events


@pytest.mark.django_db
def test_access_to_a_closed_desk_is_ended_and_the_account_log_says_so() -> None:
    desk = make_desk()
    manager, editor = member(desk, Role.MANAGER), member(desk, Role.EDITOR)
    key, secret = factories.make_key(desk, editor)
    _, second = factories.make_key(desk, editor)
    desk = close_desk(desk=desk, by=make_administrator())
    events = Event.objects.filter(desk=desk).count()

    revoke_key(key=ApiKey.objects.get(pk=key.pk), by=manager)
    assert use_key(secret) is None
    assert use_key(second) is not None
    remove_member(desk=desk, by=manager, user=editor)

    assert use_key(second) is None
    assert not Membership.objects.filter(desk=desk, user=editor).exists()
    assert Event.objects.filter(desk=desk).count() == events
    logged = AccountEvent.objects.filter(user=editor, actor=manager).order_by("id")
    assert [each.type for each in logged][-3:] == ["key.revoked", "key.revoked", "role.changed"]
    assert logged[len(logged) - 1].note == f"No longer a member of {desk}"
    with pytest.raises(Conflict, match="needs a manager"):
        remove_member(desk=desk, by=manager, user=manager)
    with pytest.raises(Refused, match="Only managers can manage members"):
        remove_member(desk=desk, by=member(desk, Role.REVIEWER), user=manager)


@pytest.mark.django_db
def test_mentions_on_a_closed_desk_are_seen_and_its_ledger_stays() -> None:
    desk = make_desk()
    reader = member(desk, Role.READER)
    annotation = factories.make_annotation(factories.make_source(desk))
    factories.make_comment(annotation, mentions=[reader])
    close_desk(desk=desk, by=make_administrator())
    events = Event.objects.filter(desk=desk).count()

    seen = see_mentions(annotation=Annotation.objects.get(pk=annotation.pk), by=reader)

    assert seen == 1
    assert Event.objects.filter(desk=desk).count() == events
    assert not unseen_mentions(desk, reader).exists()


@pytest.mark.django_db
def test_nobody_joins_a_closed_desk() -> None:
    desk = make_desk()
    _, token = invite(desk=desk, by=member(desk, Role.MANAGER), role=Role.READER)
    close_desk(desk=desk, by=make_administrator())

    with pytest.raises(Conflict, match="closed"):
        accept(token=token, by=make_user())


@pytest.mark.django_db
def test_the_database_keeps_a_closed_desk_as_it_is(closed: Desk) -> None:
    with refused("closed_desk_stays_as_it_is"):
        record(desk=closed, type=EventType.DESK_CHANGED, actor=None)
    with refused("ledger_only_counts_events"):
        execute("UPDATE annotations_ledger SET is_closed = false")


@pytest.mark.django_db
def test_members_of_a_closed_desk_read_on_and_it_can_be_opened_again(closed: Desk) -> None:
    _, role = desk_for(member(closed, Role.MANAGER), closed.slug)
    administrator = User.objects.get(is_staff=True)

    reopen_desk(desk=closed, by=administrator)
    reopen_desk(desk=closed, by=administrator)

    assert role == Role.READER
    assert factories.make_source(Desk.objects.get(pk=closed.pk))
    notes = Event.objects.filter(desk=closed, type=EventType.DESK_CHANGED).order_by("-seq")
    assert [each.note for each in notes[:2]] == ["the desk is open again", "the desk is closed"]


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_while_a_desk_is_closed_comes_before_it_or_not_at_all() -> None:
    desk, administrator = make_desk(), make_administrator()
    source = factories.make_source(desk)

    results = at_once(
        *[lambda: factories.make_annotation(source)] * 3,
        lambda: close_desk(desk=desk, by=administrator),
    )

    newest = Event.objects.filter(desk=desk).order_by("-seq")[0]
    assert newest.note == "the desk is closed"
    assert isinstance(results[-1], Desk)
