"""Who reads a source now, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from annotations.models import Presence

LASTS = timedelta(seconds=45)  # after the last sign of somebody


@dataclass(frozen=True)
class Person:
    """A member, the code points that they have on screen and the annotation they selected."""

    id: UUID
    name: str
    start: int
    end: int
    selected: UUID | None

    def document(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "name": self.name,
            "start": self.start,
            "end": self.end,
            "selected": self.selected and str(self.selected),
        }


def people_on(source_id: UUID) -> list[Person]:
    """By name; members of the desk alone. One statement."""
    rows = Presence.objects.filter(
        source_id=source_id,
        seen_at__gt=timezone.now() - LASTS,
        source__desk__memberships__user=F("user"),
    ).select_related("user")
    return [
        Person(row.user_id, str(row.user), row.start, row.end, row.selected)
        for row in rows.order_by("user__name", "user_id")
    ]
