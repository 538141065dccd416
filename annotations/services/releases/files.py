"""The files of a release: written once, hashed, and then only read."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, transaction

from annotations.errors import Conflict
from annotations.exporters import DOCUMENT_FORMATS, FORMATS, Document, Publisher, sources
from annotations.exporters.spool import LEFT_OUT, RecordSpool, write_spool
from annotations.exporters.tables import retractions
from annotations.models import Desk, Ledger, ReleaseFile
from annotations.queries.published.annotations import published_count, published_texts
from annotations.queries.published.retractions import Retraction, retractions_until
from annotations.services.releases import durable_files
from annotations.services.releases.durable_files import new_file
from annotations.services.releases.progress import Progress, Report
from annotations.services.releases.texts_writer import texts_writer

NOTHING_APPROVED = "Nothing on this desk is approved yet, so there is nothing to release."
READING = "Reading what is approved"
WRITING_TEXTS = "Writing texts with their annotations"
READ = 0.3  # how much of the work of the process that reads is reading
LOOK = 0.2  # seconds


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


def write_snapshot(desk: Desk, folder: str, publisher: Publisher, report: Report) -> Snapshot:
    """All files from one state of the database, while editors and reviewers work on.

    Nothing is held but a page of rows, and a text with its annotations. Raises Conflict when
    nothing is approved.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        seq = Ledger.objects.values_list("seq", flat=True).get(desk=desk)
        count = published_count(desk)
        if not count:
            raise Conflict(NOTHING_APPROVED)
        files = _write_formats(desk, folder, publisher, report, count)
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
    durable_files.finish(_path(folder), _path(""))


def remove(folder: str) -> None:
    """What an attempt that did not end well has left behind."""
    durable_files.remove(_path(folder))


def remove_leftovers(desk: Desk) -> None:
    """Folders of attempts that were killed: those that no release names. Nobody may be writing."""
    files = ReleaseFile.objects.filter(release__desk=desk).values_list("file", flat=True)
    named = {Path(file).parent.name for file in files.iterator()}
    for folder in durable_files.folders_in(_path(folder_of(desk.id, ""))):
        if folder.name not in named:
            durable_files.remove(folder)


def desks_with_files() -> list[UUID]:
    """Those that have folders of releases, whole or left over."""
    names = [folder.name for folder in durable_files.folders_in(_path("releases"))]
    return [UUID(name) for name in names]


def folder_of(desk_id: UUID, lease: UUID | str) -> str:
    """Of the files of one attempt."""
    return f"releases/{desk_id}/{lease}"


def _write_formats(
    desk: Desk, folder: str, publisher: Publisher, report: Report, count: int
) -> list[WrittenFile]:
    """The database is read onto the disk. Whole texts are written by another process meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        texts, records = scratch / "texts", RecordSpool(scratch / "records", count)
        texts.touch()
        with texts_writer(texts, scratch) as writer:
            progress = Progress(report, writer, count)
            read = ((text.document, text.placed()) for text in published_texts(desk))
            documents = progress.along(records.putting(read), READING, READ, _size)
            write_spool(documents, texts, batch=1)
            files = []
            share = (1 - READ) / len(FORMATS)
            for format in FORMATS.values():
                rows = progress.along(records, f"Writing {format.name}", share)
                pieces = format.export(rows, publisher=publisher)
                files.append(write(folder, format.name, format.media_type, pieces))
            while not writer.is_done:
                progress.tell(WRITING_TEXTS)
                time.sleep(LOOK)
        return [*files, *_stored(folder, scratch)]


def _size(document: Document) -> int:
    return len(document.records)


def _stored(folder: str, scratch: Path) -> Iterator[WrittenFile]:
    """The files of the other process, each with what it left out."""
    all_left_out = json.loads((scratch / LEFT_OUT).read_text(encoding="utf-8"))
    kinds = [(sources.NAME, sources.MEDIA_TYPE)]
    kinds += [(format.name, format.media_type) for format in DOCUMENT_FORMATS.values()]
    for name, media_type in kinds:
        left_out = {what: n for what, n in all_left_out.get(name, {}).items() if n}
        with (scratch / name).open("rb") as written, new_file(_path(folder), name) as file:
            shutil.copyfileobj(written, file)
            yield _described(name, media_type, file, left_out)


def _described(
    name: str, media_type: str, file: IO[bytes], left_out: dict[str, int] | None = None
) -> WrittenFile:
    size = file.seek(0, 2)
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return WrittenFile(name, media_type, size, sha256, left_out or {})


def _path(folder: str) -> Path:
    return Path(default_storage.path(folder))


def _line(retraction: Retraction) -> bytes:
    said = vars(retraction) | {"at": retraction.at.isoformat()}
    return retractions.line(**said)
