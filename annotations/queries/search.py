"""Narrowing published annotations down."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left

from annotations.models import (
    SEARCHED,
    Annotation,
    Entity,
    FieldWords,
    Kind,
    Relation,
    Source,
    Span,
    Version,
)

MOST_WORDS = 20


def concerning(rows: QuerySet[Annotation], id: UUID) -> QuerySet[Annotation]:
    """Mentions of a register record, or the mention of this id, and what relates to them.

    The words of the fields have an index, so that of all versions only those that have the parts of
    this id are looked at; what relates is looked up by where it leads.
    """
    named = Version.objects.alias(words=FieldWords(F("fields"))).filter(
        words=SearchQuery(str(id), config="simple"),
        fields__entity=str(id),
        published_of__kind=Kind.ENTITY,
    )
    itself = Annotation.objects.published().filter(id=id, kind=Kind.ENTITY).values("id")
    mentions = named.values("published_of").union(itself)
    related = Relation.objects.filter(to__in=mentions, version__published_of__isnull=False)
    return rows.filter(id__in=mentions.union(related.values("version__published_of")))


def said_by(rows: QuerySet[Annotation], speaker: str) -> QuerySet[Annotation]:
    """Those whose field `speaker` holds this, in upper or lower case."""
    return rows.filter(published__fields__speaker__icontains=speaker)


def of_wikidata(rows: QuerySet[Annotation], id: str) -> QuerySet[Annotation]:
    """Those that name this Wikidata id, or stand for a record that does."""
    records = [
        str(each) for each in Entity.objects.filter(wikidata=id).values_list("id", flat=True)
    ]
    named = Q(published__fields__wikidata=id) | Q(published__fields__entity__in=records)
    return rows.filter(named)


def sources_with(rows: QuerySet[Source], words: str) -> QuerySet[Source]:
    """Every word is part of the title or of the name of publisher or author; at most 20 count."""
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(
            Q(title__icontains=word) | Q(publisher__icontains=word) | Q(author__icontains=word)
        )
    return rows


def in_language(rows: QuerySet[Source], language: str) -> QuerySet[Source]:
    """Basic filtering (RFC 4647, section 3.3.1): the tag itself, or one that goes on after it."""
    return rows.filter(Q(language__iexact=language) | Q(language__istartswith=f"{language}-"))


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
