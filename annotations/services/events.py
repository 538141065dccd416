"""The ledger's pen. Called last in a transaction: the ledger stays locked until the commit."""

from __future__ import annotations

from annotations.models import Annotation, Desk, Event, EventType, Source, User


def record(
    *,
    desk: Desk,
    type: EventType,
    actor: User | None,
    source: Source | None = None,
    annotation: Annotation | None = None,
    version: int | None = None,
    note: str = "",
) -> Event:
    return Event.objects.create(
        desk=desk,
        type=type,
        actor=actor,
        source=source,
        annotation=annotation,
        version=version,
        note=note,
    )
