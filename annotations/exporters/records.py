"""A published annotation as exporters take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Publisher:
    """The desk, with its address without a last slash."""

    name: str
    base_iri: str


@dataclass(frozen=True)
class SourceRecord:
    """A source's provenance. Dates are ISO 8601; empty means unknown."""

    id: str
    title: str
    publisher: str = ""
    author: str = ""
    url: str = ""
    published_on: str = ""
    retrieved_on: str = ""
    language: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Passage:
    """The code points `[start, end)` of the text, and the words that stand there."""

    start: int
    end: int
    exact: str


@dataclass(frozen=True)
class Link:
    """A relation to the annotation `to`."""

    id: str
    type: str
    to: str


@dataclass(frozen=True)
class Author:
    id: str
    name: str


@dataclass(frozen=True)
class Record:
    """One approved version. `prefix` stands before the first span, `suffix` after the last one.

    `revision` is the number of the text that the spans count in, `revision_sha256` its hash, empty
    where the document does not say it. Times are ISO 8601.
    """

    id: str
    kind: str
    label: str
    spans: tuple[Passage, ...]
    prefix: str
    suffix: str
    fields: Mapping[str, Any]
    relations: tuple[Link, ...]
    source: SourceRecord
    revision: int
    revision_sha256: str
    state: str
    version: int
    author: Author
    created_at: str
    updated_at: str

    @classmethod
    def from_document(cls, document: Mapping[str, Any], source: SourceRecord) -> Record:
        """From the API's JSON of an annotation, with the provenance of its source."""
        return cls(
            id=str(document["id"]),
            kind=document["kind"],
            label=document["label"],
            spans=tuple(Passage(s["start"], s["end"], s["exact"]) for s in document["spans"]),
            prefix=document["prefix"],
            suffix=document["suffix"],
            fields=document["fields"],
            relations=tuple(
                Link(str(r["id"]), r["type"], str(r["to"])) for r in document["relations"]
            ),
            source=source,
            revision=document["revision"],
            revision_sha256=document.get("revision_sha256", ""),
            state=document["state"],
            version=document["version"],
            author=Author(str(document["author"]["id"]), document["author"]["name"]),
            created_at=document["created_at"],
            updated_at=document["updated_at"],
        )
