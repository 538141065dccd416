"""The ledger as activity."""

from __future__ import annotations

from django.db.models import QuerySet

from annotations.models import Desk, Event, EventType, Ledger


def activity(desk: Desk) -> QuerySet[Event]:
    """What people did, newest first; not what follows from it for other annotations."""
    return (
        Event.objects.filter(desk=desk)
        .exclude(type=EventType.RELATIONS_CHANGED)
        .select_related("actor", "source", "annotation__head__label", "comment")
        .order_by("-seq")
    )


def newest_event(desk: Desk) -> int:
    """The number of the desk's newest event; 0 when there is none."""
    return Ledger.objects.filter(desk=desk).values_list("seq", flat=True).first() or 0
