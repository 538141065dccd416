"""Folders of files that are whole and on disk before anything names them.

They are written under a name of their own and get their final one last, when all has reached the
disk. What a killed process leaves behind therefore never has a name that anybody looks for.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

READ_ONLY = 0o444
UNFINISHED = "."  # begins the name of a folder that is being written


def unfinished(folder: Path) -> Path:
    """Where the folder is written."""
    return folder.with_name(f"{UNFINISHED}{folder.name}")


@contextmanager
def new_file(folder: Path, name: str) -> Iterator[IO[bytes]]:
    """A file of the unfinished folder, to be written and read; read-only and on disk afterwards.

    Raises OSError.
    """
    place = unfinished(folder)
    place.mkdir(parents=True, exist_ok=True)
    with (place / name).open("x+b") as file:
        yield file
        file.flush()
        os.fchmod(file.fileno(), READ_ONLY)
        os.fsync(file.fileno())


def finish(folder: Path, root: Path) -> None:
    """Give the folder its name, in one step; then it and those above it up to the root are on disk.

    Raises OSError.
    """
    _sync(unfinished(folder))
    unfinished(folder).rename(folder)
    above = folder.parent
    while above.is_relative_to(root):
        _sync(above)
        above = above.parent


def remove(folder: Path) -> None:
    """The folder, finished or not. What cannot be removed stays for a later try."""
    for place in (unfinished(folder), folder):
        with suppress(OSError):
            shutil.rmtree(place)


def folders_in(parent: Path) -> Iterator[Path]:
    """By their final names, each once, whether they are finished or not."""
    with suppress(FileNotFoundError):
        names = {path.name.removeprefix(UNFINISHED) for path in parent.iterdir()}
        yield from (parent / name for name in names)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
