"""The way to publication, and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotations.errors import Conflict, Invalid, NotFound, Outdated, Refused
from annotations.models import Annotation, Event, EventType, Role, State
from annotations.queries.annotations.work import review_queue
from annotations.services.desks import set_authors_may_approve
from annotations.services.review import decide, recall, submit, withdraw
from annotations.services.tagging.annotations import edit_annotation
from annotations.services.tagging.drafts import Part
from tests.factories import (
    add_member,
    approved,
    make_annotation,
    make_desk,
    make_source,
    make_user,
    member,
    rejected,
    returned,
    submitted,
)

pytestmark = pytest.mark.django_db


def a_draft(**values: object) -> Annotation:
    return make_annotation(make_source(make_desk()), **values)  # type: ignore[arg-type]


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.select_related("head").get(id=annotation.id).head.state  # type: ignore[union-attr]


def test_an_approved_version_is_published_with_its_event() -> None:
    annotation = approved(a_draft())

    assert annotation.published_id == annotation.head_id
    assert annotation.published_at is not None
    event = Event.objects.filter(annotation=annotation).order_by("-seq")[0]
    assert (event.type, event.version) == (EventType.ANNOTATION_APPROVED, 1)
    assert event.actor == member(annotation.desk, Role.REVIEWER)


def test_a_returned_version_is_reopened_when_it_is_submitted_again() -> None:
    annotation = submitted(returned(a_draft()))

    events = Event.objects.filter(annotation=annotation).order_by("seq")
    assert [event.type for event in events][2:] == [
        EventType.ANNOTATION_RETURNED,
        EventType.ANNOTATION_REOPENED,
        EventType.ANNOTATION_SUBMITTED,
    ]
    assert state_of(annotation) == State.SUBMITTED


@pytest.mark.parametrize("prepare", [submitted, approved, rejected])
def test_only_a_draft_or_a_returned_version_is_submitted(prepare: object) -> None:
    annotation = prepare(a_draft())  # type: ignore[operator]

    with pytest.raises(Conflict, match="cannot become “in review”"):
        submitted(annotation)


@pytest.mark.parametrize("verdict", ["approve", "return", "reject"])
def test_only_what_is_in_review_is_decided(verdict: str) -> None:
    annotation = a_draft()
    reviewer = member(annotation.desk, Role.REVIEWER)

    with pytest.raises(Conflict, match="cannot become"):
        decide(annotation=annotation, by=reviewer, expected_version=1, verdict=verdict, note="Why.")


@pytest.mark.parametrize("verdict", ["return", "reject"])
def test_a_return_or_rejection_needs_a_note(verdict: str) -> None:
    annotation = submitted(a_draft())
    reviewer = member(annotation.desk, Role.REVIEWER)

    with pytest.raises(Invalid) as caught:
        decide(annotation=annotation, by=reviewer, expected_version=1, verdict=verdict, note=" ")

    assert list(caught.value.errors) == ["note"]
    assert state_of(annotation) == State.SUBMITTED


def test_an_unknown_verdict_is_refused() -> None:
    annotation = submitted(a_draft())

    with pytest.raises(Invalid, match="must be one of"):
        decide(
            annotation=annotation,
            by=member(annotation.desk, Role.REVIEWER),
            expected_version=1,
            verdict="maybe",
        )


def test_an_author_cannot_approve_their_own_version() -> None:
    desk = make_desk()
    reviewer = member(desk, Role.REVIEWER)
    annotation = submitted(make_annotation(make_source(desk), by=reviewer))

    with pytest.raises(Refused, match="You wrote this version"):
        decide(annotation=annotation, by=reviewer, expected_version=1, verdict="approve")

    assert state_of(annotation) == State.SUBMITTED


def test_an_author_may_approve_where_the_desk_lets_them() -> None:
    desk = make_desk()
    manager = member(desk, Role.MANAGER)
    annotation = submitted(make_annotation(make_source(desk), by=manager))
    set_authors_may_approve(desk=desk, by=manager, allowed=True)

    decide(annotation=annotation, by=manager, expected_version=1, verdict="approve")

    assert state_of(annotation) == State.APPROVED


def test_an_author_may_reject_their_own_version() -> None:
    desk = make_desk()
    reviewer = member(desk, Role.REVIEWER)
    annotation = submitted(make_annotation(make_source(desk), by=reviewer))

    decide(
        annotation=annotation, by=reviewer, expected_version=1, verdict="reject", note="A mistake."
    )

    assert state_of(annotation) == State.REJECTED


@pytest.mark.parametrize(
    ("role", "error"), [(Role.READER, Refused), (Role.EDITOR, Refused), (None, NotFound)]
)
def test_only_reviewers_decide(role: Role | None, error: type[Exception]) -> None:
    annotation = submitted(a_draft())
    person = add_member(annotation.desk, role) if role else make_user("Stranger")

    with pytest.raises(error):
        decide(annotation=annotation, by=person, expected_version=1, verdict="approve")


def test_a_decision_on_an_outdated_version_is_refused() -> None:
    annotation = submitted(a_draft())
    reviewer = member(annotation.desk, Role.REVIEWER)
    edit_annotation(
        annotation=annotation, by=annotation.created_by, expected_version=1, parts=[Part(29, 33)]
    )

    with pytest.raises(Outdated):
        decide(annotation=annotation, by=reviewer, expected_version=1, verdict="approve")

    assert Annotation.objects.get(id=annotation.id).published is None


def test_readers_cannot_submit() -> None:
    annotation = a_draft()

    with pytest.raises(Refused):
        submit(annotation=annotation, by=member(annotation.desk, Role.READER), expected_version=1)


def test_a_withdrawal_unpublishes_and_tells_why() -> None:
    annotation = approved(a_draft())

    withdrawn = withdraw(
        annotation=annotation, by=member(annotation.desk, Role.REVIEWER), reason="It was a hoax."
    )

    assert withdrawn.published is None
    assert state_of(annotation) == State.WITHDRAWN
    event = Event.objects.filter(annotation=annotation).order_by("-seq")[0]
    assert (event.type, event.note, event.version) == (
        EventType.ANNOTATION_WITHDRAWN,
        "It was a hoax.",
        1,
    )


def test_a_withdrawal_names_the_published_version_not_a_later_draft() -> None:
    annotation = approved(a_draft())
    edited = edit_annotation(
        annotation=annotation, by=annotation.created_by, expected_version=1, parts=[Part(29, 33)]
    )

    withdraw(annotation=edited, by=member(edited.desk, Role.REVIEWER), reason="Wrong passage.")

    assert Event.objects.filter(annotation=annotation).order_by("-seq")[0].version == 1
    assert list(annotation.versions.order_by("number").values_list("state", flat=True)) == [
        State.WITHDRAWN,
        State.DRAFT,
    ]


def test_a_withdrawal_needs_a_reason_a_publication_and_a_reviewer() -> None:
    annotation = a_draft()
    reviewer = member(annotation.desk, Role.REVIEWER)

    with pytest.raises(Invalid):
        withdraw(annotation=annotation, by=reviewer, reason=" ")
    with pytest.raises(Conflict, match="not published"):
        withdraw(annotation=annotation, by=reviewer, reason="Because.")
    with pytest.raises(Refused):
        withdraw(annotation=annotation, by=annotation.created_by, reason="Because.")


def test_an_author_takes_a_submitted_tag_back() -> None:
    annotation = submitted(a_draft())

    recalled = recall(annotation=annotation, by=annotation.created_by, expected_version=1)

    assert recalled.head is not None
    assert (recalled.head.state, recalled.head.number) == (State.DRAFT, 1)
    assert recalled.head.submitted_at is None
    last = Event.objects.filter(annotation=annotation).order_by("-seq")[0]
    assert (last.type, last.actor) == (EventType.ANNOTATION_RECALLED, annotation.created_by)
    assert not review_queue(annotation.desk).exists()


def test_what_was_taken_back_is_submitted_again() -> None:
    annotation = submitted(a_draft())
    recall(annotation=annotation, by=annotation.created_by, expected_version=1)

    submitted(annotation)

    assert state_of(annotation) == State.SUBMITTED


def test_taking_back_a_draft_changes_nothing() -> None:
    annotation = a_draft()
    before = Event.objects.count()

    recall(annotation=annotation, by=annotation.created_by, expected_version=1)

    assert Event.objects.count() == before


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.MANAGER])
def test_only_the_author_takes_a_tag_back(role: Role) -> None:
    annotation = submitted(a_draft())

    with pytest.raises(Refused, match="author"):
        recall(annotation=annotation, by=add_member(annotation.desk, role), expected_version=1)


@pytest.mark.parametrize("decide_it", [approved, returned, rejected])
def test_what_was_decided_is_not_taken_back(
    decide_it: Callable[[Annotation], Annotation],
) -> None:
    annotation = decide_it(a_draft())

    with pytest.raises(Conflict, match="not in review any more"):
        recall(annotation=annotation, by=annotation.created_by, expected_version=1)
