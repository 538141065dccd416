"""Many small files as one: a zip whose bytes depend on nothing but what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from annotations.exporters.corpora.documents import Document, Member
from annotations.exporters.records import Record

MEDIA_TYPE = "application/zip"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
UNIX = 3
READABLE = 0o100644 << 16

Label = tuple[str, str]  # the kind, and the label's name


def no_shared_files(labels: Iterable[Label]) -> list[Member]:  # noqa: ARG001
    return []


@dataclass(frozen=True)
class DocumentFormat:
    """The archive's name, what writes the files of a document, and those that all share."""

    name: str
    members: Callable[[Document], Iterable[Member]]
    shared: Callable[[Iterable[Label]], Iterable[Member]] = no_shared_files
    media_type: str = MEDIA_TYPE


class Archive:
    """Takes documents one after the other; holds one at a time and the names of the labels.

    `left_out` counts what the format could not say.
    """

    def __init__(self, format: DocumentFormat, file: IO[bytes]) -> None:
        self.format = format
        self.left_out: Counter[str] = Counter()
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self._labels: set[Label] = set()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            for member in self.format.shared(sorted(self._labels)):
                self._write(member)
        self._zip.close()

    def add(self, document: Document) -> None:
        self._labels |= {_label(record) for record in document.records}
        for member in self.format.members(document):
            self._write(member)

    def _write(self, member: Member) -> None:
        entry = ZipInfo(member.name, EPOCH)
        entry.compress_type = ZIP_DEFLATED
        entry.create_system = UNIX
        entry.external_attr = READABLE
        self._zip.writestr(entry, member.content)
        self.left_out.update(dict(member.left_out))


def _label(record: Record) -> Label:
    return record.kind, record.label
