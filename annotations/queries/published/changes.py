"""What changed in what is published, in the ledger's order: for copies that are kept in step.

Numbers are given out under the lock of the desk's ledger, held until the commit (models/events.py):
when the ledger stands at n, all events up to n are there to be read and none comes later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from annotations.errors import Conflict
from annotations.models import PUBLIC_EVENTS, Desk, Event, EventType
from annotations.queries.published.annotations import published, published_documents

MOST = 2**63 - 1
APPROVED = EventType.ANNOTATION_APPROVED
WITHDRAWN = EventType.ANNOTATION_WITHDRAWN


@dataclass(frozen=True)
class Changes:
    """`next` is the number to go on after; `has_more` says that it can be done at once."""

    documents: list[dict[str, Any]]
    next: int
    has_more: bool


def changes_after(desk: Desk, seq: int, limit: int, newest: int) -> Changes:
    """The next changes up to `newest`; two statements.

    That is where the ledger stood a moment ago, or its last public event: what the public is told
    must not show how much goes on that is not public.

    Each carries the annotation as it is published now, null when it was withdrawn since. What came
    after `newest` may already show there; it will be told with its own number.
    Notes of decisions stay on the desk; the reason of a retraction is for readers.
    Raises Conflict for a number that this ledger has not reached.
    """
    if seq > newest:
        raise Conflict("This desk has not come that far: begin anew, after 0.")
    events = list(_public_events(desk, seq, newest)[: limit + 1])
    shown, has_more = events[:limit], len(events) > limit
    rows = published(desk).filter(
        id__in={each.annotation_id for each in shown if each.type != WITHDRAWN}
    )
    current = {document["id"]: document for document in published_documents(rows)}
    return Changes(
        documents=[_change(event, current) for event in shown],
        next=shown[-1].seq if has_more else newest,
        has_more=has_more,
    )


def latest_changes(desk: Desk, limit: int) -> list[dict[str, Any]]:
    """The newest approvals and retractions, the newest first, each annotation once."""
    events = _public_events(desk, 0, MOST).filter(type__in=[APPROVED, WITHDRAWN]).reverse()
    newest: dict[UUID, Any] = {}
    for event in events[: 2 * limit]:
        newest.setdefault(event.annotation_id, event)
    shown = list(newest.values())[:limit]
    rows = published(desk).filter(id__in=[event.annotation_id for event in shown])
    current = {document["id"]: document for document in published_documents(rows)}
    return [_change(event, current) for event in shown]


def retraction_of(desk: Desk, id: UUID) -> Event | None:
    """The newest retraction of what was published under this id."""
    withdrawn = Event.objects.filter(desk=desk, annotation=id, type=WITHDRAWN)
    return withdrawn.order_by("-seq").first()


def _public_events(desk: Desk, after: int, newest: int) -> QuerySet[Event, Any]:
    """In order; `before` is the type of what was last decided for readers about the annotation."""
    before = (
        Event.objects.filter(
            annotation=OuterRef("annotation"),
            seq__lt=OuterRef("seq"),
            type__in=[APPROVED, WITHDRAWN],
        )
        .order_by("-seq")
        .values("type")[:1]
    )
    return (
        Event.objects.filter(desk=desk, seq__gt=after, seq__lte=newest, type__in=PUBLIC_EVENTS)
        .annotate(before=Subquery(before))
        .order_by("seq")
    )


def _change(event: Any, current: dict[str, dict[str, Any]]) -> dict[str, Any]:
    id = str(event.annotation_id)
    is_retraction = event.type == WITHDRAWN
    return {
        "seq": event.seq,
        "type": event.type,
        "at": event.at,
        "id": id,
        "version": event.version,
        "correction": event.type == APPROVED and event.before == APPROVED,
        "annotation": None if is_retraction else current.get(id),
        "retraction": {"id": id, "reason": event.note} if is_retraction else None,
    }
