"""What was approved, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from annotations.exporters.records import Record, SourceRecord
from annotations.models import Annotation, Desk, Source
from annotations.queries import documents

CHUNK = 1_000  # rows fetched at once while streaming


def published(desk: Desk) -> QuerySet[Annotation]:
    return Annotation.objects.published().filter(desk=desk)


def published_documents(annotations: QuerySet[Annotation]) -> list[dict[str, Any]]:
    """The published JSON of each, in the order of `annotations`; one statement."""
    return list(documents.documents_of(annotations, documents.published_document()))


def published_sources(desk: Desk) -> QuerySet[Source]:
    """Sources with at least one published annotation; others are nobody else's business yet."""
    return Source.objects.filter(Exists(published(desk).filter(source=OuterRef("pk"))), desk=desk)


def published_records(desk: Desk) -> Iterator[Record]:
    """Every published annotation in the order of ids, streamed; only provenance is held."""
    sources = {str(source.id): source_record(source) for source in published_sources(desk)}
    rows = published(desk).order_by("id")
    for document in documents.documents_of(rows, documents.published_document()).iterator(CHUNK):
        yield Record.from_document(document, sources[document["source"]])


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
