"""The desk's register."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from annotations.errors import NotFound
from annotations.models import Annotation, Desk, Entity, RecordTally
from annotations.models.words import Names
from annotations.queries.published.annotations import published
from annotations.text.words import spaced


@dataclass(frozen=True)
class PublishedRecord:
    """A record, with how many published mentions it has and in how many sources."""

    record: Entity
    mention_count: int
    source_count: int


def entities_of(desk: Desk, q: str = "") -> QuerySet[Entity]:
    """By name; `q` is part of a name or alias, however both are spelled (text/words.py)."""
    entities = Entity.objects.filter(desk=desk).order_by("name", "id")
    words = spaced(q)
    if not words:
        return entities.none() if q.strip() else entities
    return entities.alias(names=Names("name", "aliases")).filter(names__contains=words)


def published_mentions(desk: Desk, record: Entity) -> QuerySet[Annotation]:
    """The published annotations that stand for this record."""
    return published(desk).filter(publication__record=record)


def published_record_on(desk: Desk, id: UUID) -> PublishedRecord:
    """A record with at least one published mention; others are nobody else's business yet.

    One statement. Raises NotFound.
    """
    tally = RecordTally.objects.filter(desk=desk, record=id).select_related("record").first()
    if tally is not None:
        return PublishedRecord(tally.record, tally.mentions, tally.sources)
    raise NotFound("There is no such published record on this desk.")
