"""Narrowing published annotations down."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from annotations.models import Annotation, FieldWords, Kind, Relation, Span

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
    """Every word stands in one of the spans or in a field, as a whole word; at most 20 count."""
    for word in words.split()[:MOST_WORDS]:
        query = SearchQuery(word, config="simple")
        passages = Span.objects.annotate(words=SearchVector("exact", config="simple")).filter(
            version=OuterRef("published_id"), words=query
        )
        rows = rows.alias(field_words=FieldWords(F("published__fields"))).filter(
            Exists(passages) | Q(field_words=query)
        )
    return rows
