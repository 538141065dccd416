"""Finding annotations of the whole desk while somebody types: to link to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from annotations.models import Annotation, Desk, Label, Source
from annotations.models.words import Vector
from annotations.queries.annotations.work import work_documents
from annotations.queries.full_text import Part, Search, signs_of_labels
from annotations.text.words import spaced, words_of

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
    """At most 20, newest first, whose words, fields or label begin so; six statements.

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
    labels = list(Label.objects.filter(codebook__desk=desk))
    of_kinds = [label.id for label in labels if label.kind in wanted.kinds]
    path = "newest_words__words"
    search = Search(
        path,
        Vector(F(path)),
        [_part(each, labels) for each in parts],
        begins=True,
        signs=[signs_of_labels(of_kinds)] if wanted.kinds else [],
    )
    ids = search.first(rows.order_by("-id"), MOST_FOUND)
    return _titled(Annotation.objects.filter(id__in=ids).order_by("-id"))


def named(desk: Desk, ids: Collection[UUID]) -> list[dict[str, Any]]:
    """Those of these ids that are there, in the same shape; two statements."""
    return _titled(Annotation.objects.present().filter(desk=desk, id__in=ids).order_by("id"))


def _part(part: str, labels: Iterable[Label]) -> Part:
    """Its words, or a label whose name or title begins with them."""
    words = words_of(part)
    begun = [
        label.id
        for label in labels
        if any(spaced(name).startswith(" ".join(words)) for name in (label.name, label.title))
    ]
    return Part(words, begun)


def _titled(rows: QuerySet[Annotation]) -> list[dict[str, Any]]:
    documents = work_documents(rows)
    sources = Source.objects.filter(id__in={document["source"] for document in documents})
    titles = {str(id): title for id, title in sources.values_list("id", "title")}
    return [{**document, "source_title": titles[document["source"]]} for document in documents]
