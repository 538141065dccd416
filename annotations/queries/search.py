"""Narrowing published annotations down."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Expression, F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Left

from annotations.models import (
    SEARCHED,
    Annotation,
    Desk,
    Entity,
    FieldDefinition,
    Kind,
    Publication,
    Source,
    Span,
    Version,
)
from annotations.models.sources import PROVENANCE
from annotations.models.words import FieldText, Spaced, WordQuery, Words
from annotations.text.words import searched, spaced

Row = TypeVar("Row", bound=Model)


def concerning(rows: QuerySet[Annotation], id: UUID) -> QuerySet[Annotation]:
    """Mentions of a register record, or the mention of this id, and what relates to them.

    Looks first which of the two the id names, so that each has its index; one statement.
    """
    if Entity.objects.filter(id=id).exists():
        return rows.filter(concerns__record=id)
    mention = Publication.objects.filter(annotation=id, kind=Kind.ENTITY).values("annotation")
    related = Publication.objects.filter(
        version__relations__to=id, version__relations__to__publication__kind=Kind.ENTITY
    )
    return rows.filter(id__in=mention.union(related.values("annotation")))


def said_by(rows: QuerySet[Annotation], desk: Desk, speaker: str) -> QuerySet[Annotation]:
    """Those whose field `speaker` has this part (`with_part`); two statements.

    Kinds that have no such field are left out, which the database cannot know.
    """
    defined = FieldDefinition.objects.filter(codebook__desk=desk, name="speaker")
    kinds = set(defined.values_list("kind", flat=True))
    return with_part(rows.filter(publication__kind__in=kinds), "publication__speaker", part=speaker)


def with_part(rows: QuerySet[Row], field: str, *, part: str) -> QuerySet[Row]:
    """Those whose name in this field has the part, however both are spelled (text/words.py).

    What follows each other in the part does so in the name; its ends may stand inside of words. A
    part without a word finds nothing, an empty one everything.
    """
    words = spaced(part)
    if not words and part.strip():
        return rows.none()
    return rows.filter(**{f"{field}__spaced__contains": words}) if words else rows


def of_wikidata(rows: QuerySet[Annotation], id: str) -> QuerySet[Annotation]:
    """Those that name this Wikidata id, or stand for a record that does."""
    records = list(Entity.objects.filter(wikidata=id).values_list("id", flat=True))
    named = Q(publication__wikidata=id)
    return rows.filter(named | Q(publication__record__in=records) if records else named)


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
