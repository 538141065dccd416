"""What was approved, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse

from annotations.errors import NotFound
from annotations.exporters.corpora.documents import Document
from annotations.exporters.records import Publisher, Record, SourceRecord
from annotations.models import Annotation, Desk, DeskTally, Publication, Revision, Source
from annotations.queries import annotation_json
from annotations.queries.prepared_statements import rows_of

CHUNK = 1_000  # rows fetched at once while streaming
_ONE = f"""
    SELECT {annotation_json.PUBLISHED} FROM annotations_annotation
    WHERE id = %(id)s::uuid AND desk_id = %(desk)s::uuid AND published_id IS NOT NULL
"""  # noqa: S608 - a constant

# Rows are put in order before their JSON is written, since a sort would have to carry it.
_BY_TEXT = f"""
    SELECT
        annotations_annotation.revision_id, annotations_annotation.place,
        {annotation_json.PUBLISHED}
    FROM (
        SELECT
            published.*, version.revision_id, row_number() OVER (ORDER BY published.id) - 1 AS place
        FROM annotations_annotation published
        JOIN annotations_version version ON version.id = published.published_id
        JOIN annotations_revision revision ON revision.id = version.revision_id
        WHERE published.desk_id = %(desk)s
        ORDER BY published.source_id, revision.number, published.id OFFSET 0
    ) annotations_annotation
"""  # noqa: S608 - a constant


def published(desk: Desk) -> QuerySet[Annotation]:
    """By way of the read model: filters and order on `publication__…` and `id` have indexes."""
    return Annotation.objects.filter(publication__desk=desk)


def published_count(desk: Desk) -> int:
    """One row, however many there are."""
    counted = DeskTally.objects.filter(desk=desk).values_list("published", flat=True)
    return counted.first() or 0


def published_documents(annotations: QuerySet[Annotation]) -> list[dict[str, Any]]:
    """The published JSON of each, in the order of `annotations`; one statement."""
    return list(annotation_json.documents_of(annotations, annotation_json.PUBLISHED))


def published_texts_by_id(annotations: QuerySet[Annotation]) -> list[tuple[UUID, str]]:
    """As published_documents, each with its id and as JSON that nobody has read."""
    return list(annotation_json.texts_of(annotations, annotation_json.PUBLISHED))


def published_sources(desk: Desk) -> QuerySet[Source]:
    """Sources with at least one published annotation; others are nobody else's business yet."""
    return Source.objects.filter(tally__desk=desk)


@dataclass(frozen=True)
class PublishedText:
    """A text with its annotations, and the places of these among all of the desk by id, from 0."""

    document: Document
    places: tuple[int, ...]

    def placed(self) -> Iterator[tuple[int, Record]]:
        return zip(self.places, self.document.records, strict=True)


def published_texts(desk: Desk) -> Iterator[PublishedText]:
    """Every text that published annotations stand on, with them; one is held at a time.

    In the order of the sources' ids and the revisions' numbers; two statements, streamed.
    """
    revisions = _published_revisions().filter(source__desk=desk).select_related("source")
    texts = revisions.defer("original").order_by("source", "number").iterator(1)
    by_text = groupby(_rows_by_text(desk), itemgetter(0))
    for revision, (stands_on, on_text) in zip(texts, by_text, strict=True):
        if stands_on != revision.id:
            raise RuntimeError("The texts and their annotations are not in the same order.")
        source, rows = source_record(revision.source), list(on_text)
        said = (msgspec.json.decode(text) for _, _, text in rows)
        records = tuple(Record.from_document(each, source) for each in said)
        document = Document(source, revision.number, revision.sha256, revision.text, records)
        yield PublishedText(document, tuple(place for _, place, _ in rows))


def _rows_by_text(desk: Desk) -> Iterator[tuple[int, int, str]]:
    """Revision, place and JSON of each published annotation, in the order of published_texts."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_BY_TEXT, {"desk": desk.pk})
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def publisher_of(desk: Desk) -> Publisher:
    """The desk's name and its address in the published API."""
    return Publisher(
        desk.name,
        settings.PUBLIC_URL + reverse("api:published", args=[desk.slug]).removesuffix("/"),
    )


def source_record(source: Source) -> SourceRecord:
    return SourceRecord(
        id=str(source.id),
        title=source.title,
        publisher=source.publisher,
        author=source.author,
        url=source.url,
        published_on=source.published_on.isoformat() if source.published_on else "",
        retrieved_on=source.retrieved_on.isoformat() if source.retrieved_on else "",
        language=source.language,
        licence=source.licence,
    )


def published_document_on(desk: Desk, id: UUID) -> dict[str, Any]:
    """Raises NotFound for what is not published, whatever else it may be."""
    document: dict[str, Any] = json.loads(published_text_on(desk, id))
    return document


def published_text_on(desk: Desk, id: UUID) -> str:
    """As published_document_on, as JSON that nobody has read: the same for the same annotation."""
    for (text,) in rows_of(_ONE, {"id": id, "desk": desk.pk}):
        return str(text)
    raise NotFound("There is no such published annotation on this desk.")


def with_published_revisions(sources: QuerySet[Source]) -> QuerySet[Source]:
    """The sources, each with the revisions that published annotations stand on, without texts."""
    revisions = _published_revisions().defer("text", "original").order_by("number")
    return sources.prefetch_related(Prefetch("revisions", revisions))


def published_source_on(desk: Desk, id: UUID) -> Source:
    """With its published revisions and its tally. Raises NotFound."""
    sources = published_sources(desk).select_related("tally")
    source = with_published_revisions(sources).filter(id=id).first()
    if source is None:
        raise NotFound("There is no such published source on this desk.")
    return source


def published_text(source: Source, number: int | None) -> Revision:
    """The revision of this number, the newest for None, if anything published stands on it.

    Raises NotFound.
    """
    revisions = _published_revisions().filter(source=source).defer("original").order_by("-number")
    revision = revisions.first() if number is None else revisions.filter(number=number).first()
    if revision is None:
        raise NotFound("This source has no such published text.")
    return revision


def _published_revisions() -> QuerySet[Revision]:
    """The annotations of a revision are its source's too, and those are found by an index.

    For each revision, one is looked for: a join would read all of them.
    """
    stands_on = Publication.objects.filter(
        source=OuterRef("source"), version__revision=OuterRef("pk")
    )
    return Revision.objects.filter(pk=Subquery(stands_on.values("version__revision")[:1]))
