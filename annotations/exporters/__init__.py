"""From published records to the bytes of a file, streamed; one module a format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from annotations.exporters.corpora import brat, conll, spacy_docs, tei, uima, webanno_tsv
from annotations.exporters.corpora.archives import Archive, DocumentFormat
from annotations.exporters.corpora.documents import Document
from annotations.exporters.linked_data import claim_review, web_annotation
from annotations.exporters.records import Publisher, Record
from annotations.exporters.tables import jsonl, parquet, table

__all__ = [
    "DOCUMENT_FORMATS",
    "FORMATS",
    "Archive",
    "Document",
    "DocumentFormat",
    "Export",
    "Format",
    "Publisher",
    "Record",
]


class Export(Protocol):
    """Records to bytes, piece by piece."""

    def __call__(self, records: Iterable[Record], *, publisher: Publisher) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Format:
    """The name of the file in a release, its media type, and what writes it."""

    name: str
    media_type: str
    export: Export


def _record_formats() -> Iterator[tuple[str, Format]]:
    yield "jsonl", Format("annotations.jsonl", "application/jsonl", jsonl.export)
    yield "csv", Format("annotations.csv", table.MEDIA_TYPE, table.export)
    yield (
        "claim-review",
        Format("claim-reviews.jsonld", claim_review.MEDIA_TYPE, claim_review.export),
    )
    if parquet.AVAILABLE:
        yield "parquet", Format("annotations.parquet", parquet.MEDIA_TYPE, parquet.export)
    yield "jsonld", Format("annotations.jsonld", web_annotation.MEDIA_TYPE, web_annotation.export)


def _document_formats() -> Iterator[tuple[str, DocumentFormat]]:
    yield "brat", DocumentFormat("brat.zip", brat.members, brat.shared)
    yield "webanno", DocumentFormat("webanno-tsv.zip", webanno_tsv.members)
    yield "uima", DocumentFormat("uima-cas.zip", uima.members, uima.shared)
    yield "conll", DocumentFormat("conll.zip", conll.members)
    yield "tei", DocumentFormat("tei.zip", tei.members)
    if spacy_docs.AVAILABLE:
        yield "spacy", DocumentFormat("spacy.zip", spacy_docs.members)


FORMATS: Mapping[str, Format] = dict(_record_formats())
DOCUMENT_FORMATS: Mapping[str, DocumentFormat] = dict(_document_formats())
