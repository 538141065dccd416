"""What changed in what is published, in the ledger's order: for copies that are kept in step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from annotations.models import Desk, Event, EventType
from annotations.queries.published import published, published_documents

APPROVED = EventType.ANNOTATION_APPROVED
PUBLIC = [APPROVED, EventType.ANNOTATION_WITHDRAWN]


@dataclass(frozen=True)
class Changes:
    """`next` is the `seq` to go on after."""

    next: int
    documents: list[dict[str, Any]]


def changes_after(desk: Desk, seq: int, limit: int) -> Changes:
    """The next approvals and retractions; two statements.

    An approval carries the annotation as it is published now, null when it was withdrawn since.
    Notes of decisions stay on the desk; the reason of a retraction is for readers.
    """
    events = list(
        Event.objects.filter(desk=desk, seq__gt=seq, type__in=PUBLIC).order_by("seq")[:limit]
    )
    approved = [e.annotation_id for e in events if e.annotation_id and e.type == APPROVED]
    rows = published(desk).filter(id__in=approved)
    current = {document["id"]: document for document in published_documents(rows)}
    return Changes(
        next=events[-1].seq if events else seq,
        documents=[_change(event, current) for event in events],
    )


def _change(event: Event, current: dict[str, dict[str, Any]]) -> dict[str, Any]:
    said = {"seq": event.seq, "type": event.type, "at": event.at}
    id = str(event.annotation_id)
    if event.type == EventType.ANNOTATION_WITHDRAWN:
        return {**said, "annotation": None, "retraction": {"id": id, "reason": event.note}}
    return {**said, "annotation": current.get(id), "retraction": None}
