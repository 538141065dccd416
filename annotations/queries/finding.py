"""Finding annotations of the whole desk while somebody types: to link to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from annotations.models import Annotation, Desk, Label, Source, Version
from annotations.queries.annotations import work_documents
from annotations.queries.search import versions_with

MOST_FOUND = 20
MOST_WORDS = 8


@dataclass(frozen=True)
class Wanted:
    """What is looked for: beginnings of words, in some kinds, in or outside one source."""

    q: str
    kinds: Collection[str] = ()
    source: UUID | None = None
    exclude: UUID | None = None


def found(desk: Desk, wanted: Wanted) -> list[dict[str, Any]]:
    """At most 20, newest first, whose words, fields or label begin so; three statements.

    Every word counts, the first eight of them. Each is its work JSON with its source's title.
    """
    rows = Annotation.objects.present().filter(desk=desk)
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.exclude:
        rows = rows.exclude(source=wanted.exclude)
    words = [word for word in wanted.q.split() if any(map(str.isalnum, word))][:MOST_WORDS]
    if not words:
        return []
    for word in words:
        rows = rows.filter(head__in=_versions_with(desk, word))
    ids = list(rows.order_by("-id").values_list("id", flat=True)[:MOST_FOUND])
    return _titled(Annotation.objects.filter(id__in=ids).order_by("-id"))


def named(desk: Desk, ids: Collection[UUID]) -> list[dict[str, Any]]:
    """Those of these ids that are there, in the same shape; two statements."""
    return _titled(Annotation.objects.present().filter(desk=desk, id__in=ids).order_by("id"))


def _versions_with(desk: Desk, word: str) -> QuerySet[Version, int]:
    """Those with the word in their passages or fields, or whose label begins so."""
    starts = Q(name__istartswith=word) | Q(title__istartswith=word)
    labels = Label.objects.filter(starts, codebook__desk=desk)
    labelled = Version.objects.filter(label__in=labels).values_list("id", flat=True)
    return versions_with(_begins(word)).union(labelled)


def _begins(word: str) -> SearchQuery:
    """The word's letters are taken as they are, none as an operator of the query language."""
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return SearchQuery(f"'{quoted}':*", config="simple", search_type="raw")


def _titled(rows: QuerySet[Annotation]) -> list[dict[str, Any]]:
    documents = work_documents(rows)
    sources = Source.objects.filter(id__in={document["source"] for document in documents})
    titles = {str(id): title for id, title in sources.values_list("id", "title")}
    return [{**document, "source_title": titles[document["source"]]} for document in documents]
