"""The way of a version to publication, by SQL past every service."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import connection

from annotations.models import TRANSITIONS, Annotation, Decision, Role, State, Version
from annotations.services.desks import set_authors_may_approve
from annotations.services.tagging.annotations import edit_annotation
from annotations.services.tagging.drafts import Part
from tests.factories import approved, member, rejected, returned, submitted
from tests.models.attacks import a_draft, execute, refused

pytestmark = pytest.mark.django_db


def in_state(state: State) -> Version:
    """A version that came to this state by the services."""
    annotation = a_draft()
    if state == State.SUBMITTED:
        submitted(annotation)
    elif state == State.APPROVED:
        approved(annotation)
    elif state == State.RETURNED:
        returned(annotation)
    elif state == State.REJECTED:
        rejected(annotation)
    elif state == State.WITHDRAWN:
        approved(annotation)
        Annotation.objects.filter(id=annotation.id).update(published=None, published_at=None)
        Version.objects.filter(annotation=annotation).update(state=State.WITHDRAWN)
    return annotation.versions.get()


@pytest.mark.parametrize(
    ("before", "after"),
    [pair for pair in product(State, State) if pair not in TRANSITIONS and pair[0] != pair[1]],
)
def test_a_transition_that_is_not_in_the_table_is_refused(before: State, after: State) -> None:
    version = in_state(before)

    with refused("transition_is_allowed"):
        Version.objects.filter(id=version.id).update(state=after)


def test_the_database_has_the_same_table_of_transitions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT before, after FROM unnest(%s::text[]) AS before, unnest(%s::text[]) AS after "
            "WHERE imprimatur_may_go(before, after)",
            [State.values, State.values],
        )
        allowed = set(cursor.fetchall())

    assert allowed == TRANSITIONS


@pytest.mark.parametrize("state", [State.APPROVED, State.RETURNED, State.REJECTED])
def test_only_a_decision_ends_a_review(state: State) -> None:
    version = in_state(State.SUBMITTED)

    with refused("state_follows_a_decision"):
        Version.objects.filter(id=version.id).update(state=state)


def test_a_decision_for_another_verdict_does_not_approve() -> None:
    version = in_state(State.SUBMITTED)
    reviewer = member(version.annotation.desk, Role.REVIEWER)
    Decision.objects.create(version=version, verdict="reject", note="No.", by=reviewer)

    with refused("state_follows_a_decision"):
        Version.objects.filter(id=version.id).update(state=State.APPROVED)


def test_nobody_approves_a_version_of_their_own() -> None:
    version = in_state(State.SUBMITTED)

    with refused("approver_is_not_the_author"):
        Decision.objects.create(version=version, verdict="approve", by=version.author)


def test_a_desk_may_let_authors_approve() -> None:
    version = in_state(State.SUBMITTED)
    desk = version.annotation.desk
    set_authors_may_approve(desk=desk, by=member(desk, Role.MANAGER), allowed=True)

    Decision.objects.create(version=version, verdict="approve", by=version.author)

    assert version.decisions.get().verdict == "approve"


@pytest.mark.parametrize("state", [state for state in State if state != State.SUBMITTED])
def test_only_what_is_in_review_is_decided(state: State) -> None:
    version = in_state(state)
    reviewer = member(version.annotation.desk, Role.REVIEWER)

    with refused("only_submitted_is_decided"):
        Decision.objects.create(version=version, verdict="approve", by=reviewer)


def test_a_return_needs_a_note() -> None:
    version = in_state(State.SUBMITTED)
    reviewer = member(version.annotation.desk, Role.REVIEWER)

    with refused("a_return_or_rejection_has_a_note"):
        Decision.objects.create(version=version, verdict="return", by=reviewer)


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_only_an_approved_version_is_published(state: State) -> None:
    version = in_state(state)

    with refused("published_is_approved"):
        Annotation.objects.filter(id=version.annotation_id).update(published=version)


def test_an_annotation_cannot_publish_the_version_of_another() -> None:
    annotation, other = a_draft(), approved(a_draft())

    with refused("published_is_approved"):
        Annotation.objects.filter(id=annotation.id).update(published=other.published_id)


def test_a_published_version_cannot_be_withdrawn_and_stay_published() -> None:
    version = in_state(State.APPROVED)

    with refused("published_is_approved"):
        execute("UPDATE annotations_version SET state = 'withdrawn' WHERE id = %s", version.id)


def test_what_is_published_cannot_be_deleted() -> None:
    annotation = approved(a_draft())

    with refused("published_is_not_deleted"):
        execute("UPDATE annotations_annotation SET deleted_at = now() WHERE id = %s", annotation.id)


def test_the_published_version_outlives_an_edit() -> None:
    annotation = approved(a_draft())
    editor = member(annotation.desk, Role.EDITOR)

    edit_annotation(annotation=annotation, by=editor, expected_version=1, parts=[Part(29, 33)])
    execute("SELECT 1")

    assert Annotation.objects.get(id=annotation.id).published_id == annotation.published_id
