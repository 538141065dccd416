"""What a release holds, on disk: read once from the database, and as often as there are formats.

`python -m annotations.exporters.spool` writes the files of all formats of whole texts from a spool,
in a process of its own: exporters are Python, of which one process runs on one core.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, Final

from annotations.exporters import DOCUMENT_FORMATS, sources
from annotations.exporters.archives import Archive
from annotations.exporters.documents import Document

LEFT_OUT: Final = "left-out.json"  # by the name of a format's file, what it could not say
DONE: Final = "done"  # how many annotations are written


def write_spool(items: Iterable[Any], path: Path, *, batch: int) -> None:
    """All items in their order; so many are held at a time."""
    waiting = iter(items)
    with path.open("wb") as file:
        while some := list(islice(waiting, batch)):
            pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)


def read_spool(path: Path) -> Iterator[Any]:
    """What write_spool wrote; the file is our own, so that unpickling it runs nothing of others."""
    with path.open("rb") as file:
        while file.peek(1):
            yield from pickle.load(file)  # noqa: S301


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
    """Ends when its parent has ended."""
    write_texts(_while_there_is(os.getppid(), read_spool(Path(spool))), Path(folder))


def _while_there_is(parent: int, documents: Iterator[Document]) -> Iterator[Document]:
    for document in documents:
        if os.getppid() != parent:
            raise SystemExit("Nobody waits for these files any more.")
        yield document


if __name__ == "__main__":
    main(*sys.argv[1:])
