"""A text with the annotations that stand on it, as exporters of whole documents take it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotations.exporters.records import Passage, Record, SourceRecord


@dataclass(frozen=True)
class Document:
    """One revision of a source with its published annotations, in the order of their ids.

    Spans count the code points of `text`. `sha256` is that of the text as UTF-8.
    """

    source: SourceRecord
    revision: int
    sha256: str
    text: str
    records: tuple[Record, ...]

    @property
    def name(self) -> str:
        """What its files are called, without an ending: the same in every release."""
        return f"{self.source.id}-r{self.revision}"

    def passages(self) -> Iterator[tuple[Record, int, Passage]]:
        """Every span with its annotation and its number there, which counts from one."""
        for record in self.records:
            for part, passage in enumerate(record.spans, start=1):
                yield record, part, passage


@dataclass(frozen=True)
class Member:
    """A file inside an archive. `left_out` counts what the format could not say, by its name."""

    name: str
    content: bytes
    left_out: tuple[tuple[str, int], ...] = ()
