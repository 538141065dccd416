"""Finding annotations of the whole desk while somebody types: to link to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from annotations.models import Annotation, Desk, Label, Source, Version
from annotations.queries.annotations import work_documents
from annotations.queries.search import versions_with
from annotations.text.words import words_of

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
    parts = [part for part in wanted.q.split() if words_of(part)][:MOST_WORDS]
    if not parts:
        return []
    for part in parts:
        rows = rows.filter(head__in=_versions_with(desk, part))
    ids = list(rows.order_by("-id").values_list("id", flat=True)[:MOST_FOUND])
    return _titled(Annotation.objects.filter(id__in=ids).order_by("-id"))


def named(desk: Desk, ids: Collection[UUID]) -> list[dict[str, Any]]:
    """Those of these ids that are there, in the same shape; two statements."""
    return _titled(Annotation.objects.present().filter(desk=desk, id__in=ids).order_by("id"))


def _versions_with(desk: Desk, part: str) -> QuerySet[Version, int]:
    """Those with the words in their passages or fields, or whose label begins so."""
    words = words_of(part)
    begins = " ".join(words)
    starts = Q(name__spaced__startswith=begins) | Q(title__spaced__startswith=begins)
    labels = Label.objects.filter(starts, codebook__desk=desk)
    labelled = Version.objects.filter(label__in=labels).values_list("id", flat=True)
    return versions_with(words, begins=True).union(labelled)


def _titled(rows: QuerySet[Annotation]) -> list[dict[str, Any]]:
    documents = work_documents(rows)
    sources = Source.objects.filter(id__in={document["source"] for document in documents})
    titles = {str(id): title for id, title in sources.values_list("id", "title")}
    return [{**document, "source_title": titles[document["source"]]} for document in documents]
