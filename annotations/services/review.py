"""The way to publication: submit, recall, decide, reopen, withdraw."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, Invalid, Refused
from annotations.models import (
    DECIDED,
    TRANSITIONS,
    Annotation,
    Decision,
    EventType,
    State,
    User,
    Version,
)
from annotations.policy import Action
from annotations.services.ledger import record_about, record_public_links
from annotations.services.tagging.annotations import head_of, lock
from annotations.services.webhooks.deliver import wake

_EVENTS = {
    State.APPROVED: EventType.ANNOTATION_APPROVED,
    State.RETURNED: EventType.ANNOTATION_RETURNED,
    State.REJECTED: EventType.ANNOTATION_REJECTED,
}


@transaction.atomic
def submit(*, annotation: Annotation, by: User, expected_version: int) -> Annotation:
    """Put the newest version into the review queue; a returned one is reopened on the way.

    Raises Outdated, Conflict when its state does not allow it, NotFound, Refused.
    """
    policy.require(by, annotation.desk, Action.SUBMIT)
    annotation = lock(annotation, expected_version)
    head = head_of(annotation)
    if head.state == State.RETURNED:
        _move(head, State.DRAFT)
        record_about(annotation, head, EventType.ANNOTATION_REOPENED, by)
    head.submitted_at = timezone.now()
    _move(head, State.SUBMITTED)
    annotation.save(update_fields=["updated_at"])
    record_about(annotation, head, EventType.ANNOTATION_SUBMITTED, by)
    return annotation


@transaction.atomic
def recall(*, annotation: Annotation, by: User, expected_version: int) -> Annotation:
    """Take a version back from the review queue: it is a draft again. Its author may, no one else.

    Recalling a draft changes nothing. Raises Outdated, Conflict when it was decided meanwhile,
    NotFound, Refused.
    """
    policy.require(by, annotation.desk, Action.SUBMIT)
    annotation = lock(annotation, expected_version)
    head = head_of(annotation)
    if head.author_id != by.id:
        raise Refused("Only its author can take a tag back from review; reviewers return it.")
    if head.state == State.DRAFT:
        return annotation
    if head.state != State.SUBMITTED:
        raise Conflict(f"It is not in review any more: it is {State(head.state).label.lower()}.")
    head.submitted_at = None
    _move(head, State.DRAFT)
    annotation.save(update_fields=["updated_at"])
    record_about(annotation, head, EventType.ANNOTATION_RECALLED, by)
    return annotation


@transaction.atomic
def decide(
    *, annotation: Annotation, by: User, expected_version: int, verdict: str, note: str = ""
) -> Annotation:
    """Approve, return or reject the version in review. Its author may not approve it.

    Raises Outdated, Conflict, Invalid (a return or rejection needs a note), NotFound, Refused.
    """
    policy.require(by, annotation.desk, Action.DECIDE)
    if verdict not in Decision.Verdict.values:
        raise Invalid(
            {"verdict": [f"The verdict must be one of: {', '.join(Decision.Verdict.values)}."]}
        )
    note = note.strip()
    if verdict != Decision.Verdict.APPROVE and not note:
        raise Invalid({"note": ["Give the reason in a note, so that the author can fix it."]})
    annotation = lock(annotation, expected_version)
    head = head_of(annotation)
    own = head.author_id == by.id and not annotation.desk.authors_may_approve
    if verdict == Decision.Verdict.APPROVE and own:
        raise Refused("You wrote this version: another reviewer must approve it.")
    state = DECIDED[Decision.Verdict(verdict)]
    _check_move(head, state)
    Decision.objects.create(version=head, verdict=verdict, note=note, by=by)
    _move(head, state)
    is_new_to_readers = state == State.APPROVED and annotation.published_id is None
    if state == State.APPROVED:
        annotation.published = head
        annotation.published_at = timezone.now()
    annotation.save(update_fields=["published", "published_at", "updated_at"])
    record_about(annotation, head, _EVENTS[state], by, note)
    if is_new_to_readers:
        record_public_links(annotation, by)
    if state == State.APPROVED:
        wake(annotation.desk_id)
    return annotation


@transaction.atomic
def withdraw(*, annotation: Annotation, by: User, reason: str) -> Annotation:
    """Retract what is published; consumers see the reason. Raises Conflict, Invalid, Refused."""
    policy.require(by, annotation.desk, Action.WITHDRAW)
    reason = reason.strip()
    if not reason:
        raise Invalid(
            {"note": ["Give the reason: readers of the published annotation will see it."]}
        )
    annotation = lock(annotation, head_of(annotation).number)
    head = head_of(annotation)
    published = head if annotation.published_id == head.id else annotation.published
    if published is None:
        raise Conflict("This annotation is not published.")
    annotation.published = None
    annotation.published_at = None
    annotation.save(update_fields=["published", "published_at", "updated_at"])
    _move(published, State.WITHDRAWN)
    record_about(annotation, published, EventType.ANNOTATION_WITHDRAWN, by, reason)
    record_public_links(annotation, by)
    wake(annotation.desk_id)
    return annotation


def _check_move(version: Version, state: State) -> None:
    if (version.state, state) not in TRANSITIONS:
        before = State(version.state).label.lower()
        raise Conflict(f"A version that is “{before}” cannot become “{state.label.lower()}”.")


def _move(version: Version, state: State) -> None:
    _check_move(version, state)
    version.state = state
    version.save(update_fields=["state", "submitted_at"])
