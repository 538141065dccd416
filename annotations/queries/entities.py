"""The desk's register."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from annotations.models import Desk, Entity


def entities_of(desk: Desk, q: str = "") -> QuerySet[Entity]:
    """By name; `q` is part of a name, or an alias in full, upper or lower case."""
    entities = Entity.objects.filter(desk=desk).order_by("name", "id")
    if q := q.strip():
        entities = entities.filter(Q(name__icontains=q) | Q(aliases__icontains=q))
    return entities
