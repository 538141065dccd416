"""Narrowing published annotations down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Expression, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Left

from annotations.models import (
    SEARCHED,
    Annotation,
    Entity,
    Kind,
    Relation,
    Source,
    Span,
    Version,
)
from annotations.models.sources import PROVENANCE
from annotations.models.words import FieldText, Spaced, WordQuery, Words
from annotations.text.words import searched, words_of


def concerning(rows: QuerySet[Annotation], id: UUID) -> QuerySet[Annotation]:
    """Mentions of a register record, or the mention of this id, and what relates to them.

    The words of the fields have an index, so that of all versions only those that have the parts of
    this id are looked at; what relates is looked up by where it leads.
    """
    named = Version.objects.alias(words=Words(FieldText(F("fields")))).filter(
        words=WordQuery(words_of(str(id))),
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
    """Every word begins one of the title or of the names of publisher and author."""
    terms = searched(words)
    if not terms and words.strip():
        return rows.none()
    for term in terms:
        rows = _with(rows, PROVENANCE, term, begins=True)
    return rows


def in_language(rows: QuerySet[Source], language: str) -> QuerySet[Source]:
    """Basic filtering (RFC 4647, section 3.3.1): the tag itself, or one that goes on after it."""
    return rows.filter(Q(language__iexact=language) | Q(language__istartswith=f"{language}-"))


def with_words(
    rows: QuerySet[Annotation], words: str, *, begins: bool = False
) -> QuerySet[Annotation]:
    """Every part of the search stands in one of the spans or in a field; at most 20 parts count.

    Parts are what is between white space, and stand there word by word: "S-300" in "S-400/S-300".
    Each is a whole word, or with `begins` the beginning of one. Of a span the first 10,000 code
    points are looked through, of the fields the first 100,000. A search without a word finds
    nothing, an empty one everything.
    """
    terms = searched(words)
    if not terms and words.strip():
        return rows.none()
    for term in terms:
        rows = rows.filter(published__in=versions_with(term, begins=begins))
    return rows


def versions_with(term: list[str], *, begins: bool = False) -> QuerySet[Version, int]:
    """Each branch has an index of its own, so they are put together instead of asked at once."""
    spans = _with(Span.objects.all(), Left("exact", SEARCHED), term, begins=begins)
    fields = _with(Version.objects.all(), FieldText(F("fields")), term, begins=begins)
    return spans.values_list("version_id", flat=True).union(fields.values_list("id", flat=True))


def _with(
    rows: QuerySet[Any], text: Expression | Func, term: list[str], *, begins: bool
) -> QuerySet[Any]:
    """Rows in whose text the words of the term follow each other, the last one whole or begun.

    The index finds the words, wherever they stand; only of rows with all of several is the text
    looked at.
    """
    rows = rows.alias(words=Words(text)).filter(words=WordQuery(term, begins=begins))
    if len(term) == 1:
        return rows
    spaced = Concat(Value(" "), Spaced(text), Value(" "), output_field=TextField())
    phrase = f" {' '.join(term)}" + ("" if begins else " ")
    return rows.alias(spaced=spaced).filter(spaced__contains=phrase)
