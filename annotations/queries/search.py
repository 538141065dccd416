"""Narrowing published annotations down."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from annotations.models import SEARCHED, Annotation, FieldWords, Kind, Relation, Span, Version

MOST_WORDS = 20


def concerning(rows: QuerySet[Annotation], id: UUID) -> QuerySet[Annotation]:
    """Mentions of a register record, or the mention of this id, and what relates to them."""
    is_mention = Q(id=id) | Q(published__fields__entity=str(id))
    mentions = Annotation.objects.published().filter(is_mention, kind=Kind.ENTITY)
    related = Relation.objects.filter(version=OuterRef("published_id"), to__in=mentions)
    return rows.filter(Q(id__in=mentions) | Exists(related))


def said_by(rows: QuerySet[Annotation], speaker: str) -> QuerySet[Annotation]:
    """Those whose field `speaker` holds this, in upper or lower case."""
    return rows.filter(published__fields__speaker__icontains=speaker)


def with_words(rows: QuerySet[Annotation], words: str) -> QuerySet[Annotation]:
    """Every word stands in one of the spans or in a field, as a whole word; at most 20 count.

    Of a span the first 10,000 code points are looked through.
    """
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(published__in=versions_with(SearchQuery(word, config="simple")))
    return rows


def versions_with(words: SearchQuery) -> QuerySet[Version, int]:
    """Each branch has an index of its own, so they are put together instead of asked at once."""
    spans = (
        Span.objects.alias(words=SearchVector(Left("exact", SEARCHED), config="simple"))
        .filter(words=words)
        .values_list("version_id", flat=True)
    )
    fields = (
        Version.objects.alias(words=FieldWords(F("fields")))
        .filter(words=words)
        .values_list("id", flat=True)
    )
    return spans.union(fields)  # type: ignore[return-value]
