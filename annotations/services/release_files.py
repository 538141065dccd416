"""The files of a release: written once, hashed, and then only read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol, TypeVar
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, transaction

from annotations.errors import Conflict
from annotations.exporters import (
    DOCUMENT_FORMATS,
    FORMATS,
    Archive,
    Publisher,
    retractions,
    sources,
)
from annotations.models import Desk, Ledger, ReleaseFile
from annotations.queries.published import published, published_records, published_texts
from annotations.queries.retractions import Retraction, retractions_until
from annotations.services import durable
from annotations.services.durable import new_file

NOTHING_APPROVED = "Nothing on this desk is approved yet, so there is nothing to release."
BETWEEN = 500  # records after which it is said how far the writing is

Row = TypeVar("Row")


@dataclass(frozen=True)
class WrittenFile:
    """A file as the manifest names it; `size` in bytes, `sha256` in hexadecimal.

    `left_out` counts what its format could not say.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """What the files hold: the annotations published once the ledger had reached `seq`."""

    seq: int
    annotation_count: int
    files: list[WrittenFile]


class Told(Protocol):
    """Is told how far the writing is, from 0 to 1; may raise to end it."""

    def __call__(self, share: float) -> None: ...


def write_snapshot(desk: Desk, folder: str, publisher: Publisher, told: Told) -> Snapshot:
    """All files from one state of the database, while editors and reviewers work on.

    Nothing is held but a page of rows, and a text with its annotations. Raises Conflict when
    nothing is approved.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        seq = Ledger.objects.values_list("seq", flat=True).get(desk=desk)
        count = published(desk).count()
        if not count:
            raise Conflict(NOTHING_APPROVED)
        passes = len(FORMATS) + 1
        files = []
        for number, format in enumerate(FORMATS.values()):
            records = _counted(published_records(desk), told, number / passes, passes * count)
            pieces = format.export(records, publisher=publisher)
            files.append(write(folder, format.name, format.media_type, pieces))
        files += _write_texts(desk, folder, told, share=1 / passes)
        retracted = map(_line, retractions_until(desk, seq))
        files.append(write(folder, retractions.NAME, retractions.MEDIA_TYPE, retracted))
    return Snapshot(seq=seq, annotation_count=count, files=files)


def write(folder: str, name: str, media_type: str, pieces: Iterable[bytes]) -> WrittenFile:
    with new_file(_path(folder), name) as file:
        for piece in pieces:
            file.write(piece)
        return _described(name, media_type, file)


def finish(folder: str) -> None:
    """All files are there, and on disk; from now on the folder has its name. Raises OSError."""
    durable.finish(_path(folder), _path(""))


def remove(folder: str) -> None:
    """What an attempt that did not end well has left behind."""
    durable.remove(_path(folder))


def remove_leftovers(desk: Desk) -> None:
    """Folders of attempts that were killed: those that no release names. Nobody may be writing."""
    files = ReleaseFile.objects.filter(release__desk=desk).values_list("file", flat=True)
    named = {Path(file).parent.name for file in files.iterator()}
    for folder in durable.folders_in(_path(folder_of(desk.id, ""))):
        if folder.name not in named:
            durable.remove(folder)


def desks_with_files() -> list[UUID]:
    """Those that have folders of releases, whole or left over."""
    names = [folder.name for folder in durable.folders_in(_path("releases"))]
    return [UUID(name) for name in names]


def folder_of(desk_id: UUID, lease: UUID | str) -> str:
    """Of the files of one attempt."""
    return f"releases/{desk_id}/{lease}"


def _write_texts(desk: Desk, folder: str, told: Told, *, share: float) -> list[WrittenFile]:
    """The formats of whole texts, side by side, so that each text is read once."""
    place = _path(folder)
    with ExitStack() as open_files:
        texts = open_files.enter_context(new_file(place, sources.NAME))
        files = [
            open_files.enter_context(new_file(place, format.name))
            for format in DOCUMENT_FORMATS.values()
        ]
        with _archives(files) as archives:
            for document in published_texts(desk):
                texts.write(sources.line(document))
                for archive in archives:
                    archive.add(document)
                told(1 - share / 2)
        written = [_described(sources.NAME, sources.MEDIA_TYPE, texts)]
        for archive, file in zip(archives, files, strict=True):
            format = archive.format
            left_out = {name: count for name, count in archive.left_out.items() if count}
            written.append(_described(format.name, format.media_type, file, left_out))
    return written


@contextmanager
def _archives(files: Sequence[IO[bytes]]) -> Iterator[list[Archive]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(Archive(format, file))
            for format, file in zip(DOCUMENT_FORMATS.values(), files, strict=True)
        ]


def _described(
    name: str, media_type: str, file: IO[bytes], left_out: dict[str, int] | None = None
) -> WrittenFile:
    size = file.seek(0, 2)
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return WrittenFile(name, media_type, size, sha256, left_out or {})


def _path(folder: str) -> Path:
    return Path(default_storage.path(folder))


def _counted(rows: Iterable[Row], told: Told, done: float, whole: int) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number % BETWEEN == 0:
            told(done + number / whole)
        yield row


def _line(retraction: Retraction) -> bytes:
    said = vars(retraction) | {"at": retraction.at.isoformat()}
    return retractions.line(**said)
