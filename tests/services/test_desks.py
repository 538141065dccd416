"""Desks, their members and their switches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotations import policy
from annotations.errors import Conflict, Invalid, NotFound, Refused
from annotations.models import Desk, Event, EventType, Kind, Membership, Role
from annotations.queries.desks import codebook_of
from annotations.services.desks import (
    create_desk,
    remove_member,
    set_authors_may_approve,
    set_member,
    set_public,
)
from tests.factories import default_codebook, make_desk, make_source, make_user, member

pytestmark = pytest.mark.django_db


def test_a_new_desk_has_its_manager_and_its_codebook() -> None:
    manager = make_user("Manager")

    desk = create_desk(slug="news", name="News", manager=manager, codebook=default_codebook())

    assert Membership.objects.get(desk=desk).role == Role.MANAGER
    codebook = codebook_of(desk)
    claims = [field.name for field in codebook.fields.all() if field.kind == Kind.CLAIM]
    assert claims == ["normalized", "claimant", "asserted_on", "verdict", "evidence"]
    assert {label.kind for label in codebook.labels.all()} == set(Kind)
    assert not desk.is_public
    assert Event.objects.get(desk=desk).seq == 1


def test_two_desks_cannot_share_an_address() -> None:
    make_desk("news")

    with pytest.raises(Invalid) as caught:
        make_desk("news")

    assert list(caught.value.errors) == ["slug"]


def test_a_manager_adds_members_and_changes_their_role() -> None:
    desk = make_desk()
    manager, person = member(desk, Role.MANAGER), make_user("Newcomer")

    set_member(desk=desk, by=manager, user=person, role=Role.READER)
    set_member(desk=desk, by=manager, user=person, role=Role.REVIEWER)

    assert Membership.objects.get(desk=desk, user=person).role == Role.REVIEWER
    changes = Event.objects.filter(desk=desk, type=EventType.DESK_CHANGED)
    assert changes.order_by("-seq")[0].note == "Newcomer is reviewer"


def test_the_last_manager_stays_one() -> None:
    desk = make_desk()
    manager = member(desk, Role.MANAGER)

    with pytest.raises(Conflict, match="needs a manager"):
        set_member(desk=desk, by=manager, user=manager, role=Role.READER)
    set_member(desk=desk, by=manager, user=member(desk, Role.REVIEWER), role=Role.MANAGER)
    set_member(desk=desk, by=manager, user=manager, role=Role.READER)

    assert Membership.objects.get(desk=desk, user=manager).role == Role.READER


@pytest.mark.parametrize("allowed", [True, False])
def test_the_switch_for_one_person_desks_is_an_event(allowed: bool) -> None:
    desk = make_desk()

    set_authors_may_approve(desk=desk, by=member(desk, Role.MANAGER), allowed=allowed)

    assert Desk.objects.get(id=desk.id).authors_may_approve is allowed
    assert "approve their own" in Event.objects.filter(desk=desk).order_by("-seq")[0].note


@pytest.mark.parametrize("public", [True, False])
def test_a_desk_is_opened_and_closed_by_its_manager(public: bool) -> None:
    desk = make_desk(is_public=not public)

    set_public(desk=desk, by=member(desk, Role.MANAGER), public=public)

    assert Desk.objects.get(id=desk.id).is_public is public


CHANGES: list[Callable[..., object]] = [
    lambda desk, by: set_public(desk=desk, by=by, public=True),
    lambda desk, by: set_authors_may_approve(desk=desk, by=by, allowed=True),
    lambda desk, by: set_member(desk=desk, by=by, user=by, role=Role.MANAGER),
]


@pytest.mark.parametrize("change", CHANGES)
def test_only_managers_change_a_desk(change: Callable[..., object]) -> None:
    desk = make_desk()

    for role in (Role.READER, Role.EDITOR, Role.REVIEWER):
        with pytest.raises(Refused):
            change(desk, member(desk, role))
    with pytest.raises(NotFound):
        change(desk, make_user("Stranger"))
    with pytest.raises(NotFound):
        change(desk, member(make_desk(), Role.MANAGER))


def test_who_is_removed_may_no_more_and_their_work_stays() -> None:
    desk = make_desk()
    manager, editor = member(desk, Role.MANAGER), member(desk, Role.EDITOR)
    source = make_source(desk)

    remove_member(desk=desk, by=manager, user=editor)

    with pytest.raises(NotFound):
        policy.require(editor, desk, policy.Action.READ_WORK)
    assert list(desk.sources.all()) == [source]
    assert (
        Event.objects.filter(desk=desk).order_by("-seq")[0].note == "Editor is no longer a member"
    )


def test_removing_a_stranger_changes_nothing() -> None:
    desk = make_desk()
    before = Event.objects.filter(desk=desk).count()

    remove_member(desk=desk, by=member(desk, Role.MANAGER), user=make_user())

    assert Event.objects.filter(desk=desk).count() == before


def test_the_last_manager_is_not_removed() -> None:
    desk = make_desk()
    manager = member(desk, Role.MANAGER)

    with pytest.raises(Conflict):
        remove_member(desk=desk, by=manager, user=manager)


def test_only_managers_remove_members() -> None:
    desk = make_desk()

    with pytest.raises(Refused):
        remove_member(desk=desk, by=member(desk, Role.REVIEWER), user=member(desk, Role.EDITOR))
