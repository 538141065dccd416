"""What a release holds, on disk: read from the database once, and as often as there are formats.

`python -m annotations.exporters.spool` writes the files of all formats of whole texts from a spool,
while it is being written, in a process of its own: exporters are Python, of which one process runs
on one core.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import msgspec

from annotations.exporters import DOCUMENT_FORMATS, sources
from annotations.exporters.corpora.archives import Archive
from annotations.exporters.corpora.documents import Document
from annotations.exporters.records import Record

LEFT_OUT: Final = "left-out.json"  # by the name of a format's file, what it could not say
DONE: Final = "done"  # how many annotations are written
LENGTH: Final = 8  # bytes before each batch that say how many it has
END: Final = bytes(LENGTH)
LOOK: Final = 0.05  # seconds

Item = TypeVar("Item")
_RECORD: Final = msgspec.msgpack.Encoder()
_SAID: Final = msgspec.msgpack.Decoder(Record)


def write_spool(items: Iterable[Any], path: Path, *, batch: int) -> None:
    """All items in their order; so many are held at a time. May be read meanwhile."""
    waiting = iter(items)
    with path.open("wb") as file:
        while some := list(islice(waiting, batch)):
            frame = pickle.dumps(some, pickle.HIGHEST_PROTOCOL)
            file.write(len(frame).to_bytes(LENGTH, "big") + frame)
            file.flush()
        file.write(END)


def cut_off() -> None:
    raise OSError("A spool ends before its end.")


def read_spool(path: Path, *, wait: Callable[[], None] = cut_off) -> Iterator[Any]:
    """What write_spool wrote; the file is our own, so that unpickling it runs nothing of others.

    `wait` is called where the end is not written yet: it waits for a moment, or raises.
    """
    with path.open("rb") as file:
        while size := int.from_bytes(_all_of(file, LENGTH, wait), "big"):
            yield from pickle.loads(_all_of(file, size, wait))  # noqa: S301


def _all_of(file: IO[bytes], size: int, wait: Callable[[], None]) -> bytes:
    read = file.read(size)
    while len(read) < size:
        wait()
        read += file.read(size - len(read))
    return read


class RecordSpool:
    """Records on disk: put down in any order, each at its place, and read in the order of places.

    Twelve bytes of each are held in memory.
    """

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._starts, self._sizes = array("Q", bytes(8 * count)), array("I", bytes(4 * count))

    def putting(self, items: Iterable[tuple[Item, Iterable[tuple[int, Record]]]]) -> Iterator[Item]:
        """Each item once its records are put down; read when all are there."""
        end = 0
        with self._path.open("wb") as file:
            for item, records in items:
                for place, record in records:
                    content = _RECORD.encode(record)
                    self._starts[place], self._sizes[place] = end, len(content)
                    end += file.write(content)
                yield item

    def __iter__(self) -> Iterator[Record]:
        with self._path.open("rb") as file:
            number = file.fileno()
            for start, size in zip(self._starts, self._sizes, strict=True):
                yield _SAID.decode(os.pread(number, size, start))


def write_texts(documents: Iterable[Document], folder: Path) -> None:
    """The file of each format of whole texts, side by side, and what they left out."""
    done = 0
    with ExitStack() as stack:
        texts = stack.enter_context((folder / sources.NAME).open("wb"))
        files = [
            stack.enter_context((folder / format.name).open("wb"))
            for format in DOCUMENT_FORMATS.values()
        ]
        archives = [
            stack.enter_context(Archive(format, file))
            for format, file in zip(DOCUMENT_FORMATS.values(), files, strict=True)
        ]
        for document in documents:
            texts.write(sources.line(document))
            for archive in archives:
                archive.add(document)
            done += len(document.records)
            (folder / DONE).write_text(str(done), encoding="ascii")
    left_out = {each.format.name: dict(each.left_out) for each in archives}
    (folder / LEFT_OUT).write_text(json.dumps(left_out), encoding="utf-8")


def main(spool: str, folder: str) -> None:
    """Follows a spool that is being written. Ends when its parent has ended."""
    parent = os.getppid()

    def check_parent() -> None:
        if os.getppid() != parent:
            raise SystemExit("Nobody waits for these files any more.")

    def wait() -> None:
        check_parent()
        time.sleep(LOOK)

    def documents() -> Iterator[Document]:
        for document in read_spool(Path(spool), wait=wait):
            check_parent()
            yield document

    write_texts(documents(), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
