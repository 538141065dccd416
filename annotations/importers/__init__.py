"""From the bytes of a file, or pasted text, to the text that is kept; one module a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from annotations.importers import html, plain
from annotations.importers.checks import check_bytes, check_size
from annotations.importers.imported import ImportedText, Unreadable, quoted
from annotations.importers.pasted import read_pasted

__all__ = ["READERS", "ImportedText", "Unreadable", "read", "read_pasted"]

READERS: Mapping[str, Callable[..., ImportedText]] = {
    ".txt": plain.read,
    ".html": html.read,
    ".htm": html.read,
}


def read(data: bytes, *, filename: str, encoding: str = "", limit: int) -> ImportedText:
    """The text of a file, read by the format that the end of its name tells.

    `limit` is in bytes. `encoding`, when given, overrules what the file says of itself.
    Raises Unreadable, and nothing else, for anything that cannot become a text.
    """
    reader = READERS.get(PurePath(filename).suffix.lower())
    if reader is None:
        raise Unreadable(
            f"{quoted(filename)} is not a format that can be imported: .txt, .html and .htm files "
            "can. Save it as one of these, or paste its text."
        )
    check_size(len(data), limit=limit)
    check_bytes(data)
    return reader(data, encoding=encoding)
