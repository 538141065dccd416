"""From published records to the bytes of a file, streamed; one module a format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from annotations.exporters import jsonl, web_annotation
from annotations.exporters.records import Record

__all__ = ["FORMATS", "Export", "Format", "Record"]


class Export(Protocol):
    """Records to bytes, piece by piece. `base_iri` is the desk's address without a last slash."""

    def __call__(self, records: Iterable[Record], *, base_iri: str) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Format:
    """The name of the file in a release, its media type, and what writes it."""

    name: str
    media_type: str
    export: Export


FORMATS: Mapping[str, Format] = {
    "jsonl": Format("annotations.jsonl", "application/jsonl", jsonl.export),
    "jsonld": Format("annotations.jsonld", web_annotation.MEDIA_TYPE, web_annotation.export),
}
