"""The desk's register."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from annotations.errors import NotFound
from annotations.models import Annotation, Desk, Entity, Kind
from annotations.queries.published import published


@dataclass(frozen=True)
class PublishedRecord:
    """A record, with how many published mentions it has and in how many sources."""

    record: Entity
    mention_count: int
    source_count: int


def entities_of(desk: Desk, q: str = "") -> QuerySet[Entity]:
    """By name; `q` is part of a name, or an alias in full, upper or lower case."""
    entities = Entity.objects.filter(desk=desk).order_by("name", "id")
    if q := q.strip():
        entities = entities.filter(Q(name__icontains=q) | Q(aliases__icontains=q))
    return entities


def published_mentions(desk: Desk, record: Entity) -> QuerySet[Annotation]:
    """The published annotations that stand for this record."""
    return published(desk).filter(kind=Kind.ENTITY, published__fields__entity=str(record.id))


def published_record_on(desk: Desk, id: UUID) -> PublishedRecord:
    """A record with at least one published mention; others are nobody else's business yet.

    Two statements. Raises NotFound.
    """
    record = Entity.objects.filter(desk=desk, id=id).first()
    if record is not None:
        counted = published_mentions(desk, record).aggregate(
            mentions=Count("id"), sources=Count("source", distinct=True)
        )
        if counted["mentions"]:
            return PublishedRecord(record, counted["mentions"], counted["sources"])
    raise NotFound("There is no such published record on this desk.")
