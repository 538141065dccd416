"""Narrowing down lists of published annotations and of their sources."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from annotations.models import Annotation, Desk, Entity, FieldDefinition, Kind, Publication, Source
from annotations.models.sources import PROVENANCE
from annotations.models.words import Spaced, WordQuery, Words
from annotations.text.words import searched, spaced

Row = TypeVar("Row", bound=Model)


def concerning(rows: QuerySet[Annotation], id: UUID) -> QuerySet[Annotation]:
    """Mentions of a register record, or the mention of this id, and what relates to them.

    Looks first which of the two the id names, so that each has its index; one statement.
    """
    if is_record(id):
        return rows.filter(concerns__record=id)
    mention = Publication.objects.filter(annotation=id, kind=Kind.ENTITY).values("annotation")
    related = Publication.objects.filter(
        version__relations__to=id, version__relations__to__publication__kind=Kind.ENTITY
    )
    return rows.filter(id__in=mention.union(related.values("annotation")))


def is_record(id: UUID) -> bool:
    """Whether the id is that of a record of the register, not of a mention; one statement."""
    return Entity.objects.filter(id=id).exists()


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
    """Every word begins one of the title or of the names of publisher and author.

    The index finds the words of a part, wherever they stand; only of rows with all of several is
    the text looked at.
    """
    parts = searched(words)
    if not parts and words.strip():
        return rows.none()
    rows = rows.alias(
        words=Words(PROVENANCE),
        spaced=Concat(Value(" "), Spaced(PROVENANCE), output_field=TextField()),
    )
    for part in parts:
        rows = rows.filter(words=WordQuery(part, begins=True))
        if len(part) > 1:
            rows = rows.filter(spaced__contains=f" {' '.join(part)}")
    return rows


def in_language(rows: QuerySet[Source], language: str) -> QuerySet[Source]:
    """Basic filtering (RFC 4647, section 3.3.1): the tag itself, or one that goes on after it."""
    return rows.filter(Q(language__iexact=language) | Q(language__istartswith=f"{language}-"))
