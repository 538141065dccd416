"""The ledger as activity and as the live stream's backlog."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from annotations.models import Desk, Event


def activity(desk: Desk) -> QuerySet[Event]:
    """Newest first."""
    return (
        Event.objects.filter(desk=desk)
        .select_related("actor", "source", "annotation__head__label", "comment")
        .order_by("-seq")
    )


def events_after(source_id: UUID, seq: int, limit: int = 500) -> list[Event]:
    """The source's events on annotations after `seq`, oldest first."""
    return list(
        Event.objects.filter(source_id=source_id, seq__gt=seq, annotation__isnull=False).order_by(
            "seq"
        )[:limit]
    )
