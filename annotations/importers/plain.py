"""Plain text files."""

from __future__ import annotations

from annotations.importers.checks import check_characters, check_filled
from annotations.importers.decoding import decode
from annotations.importers.imported import ImportedText
from annotations.importers.warnings import LINE_ENDINGS, warnings_about
from annotations.text.normalisation import normalise

VERSION = "1"


def read(data: bytes, *, encoding: str = "") -> ImportedText:
    """The file's characters, normalised and otherwise as they are. Raises Unreadable."""
    decoded = decode(data, encoding=encoding)
    check_characters(decoded)
    text = normalise(decoded)
    check_filled(text, "The file contains no text.")
    unified = [LINE_ENDINGS] if "\r" in decoded else []
    return ImportedText(
        text=text, importer="plain", version=VERSION, warnings=(*unified, *warnings_about(text))
    )
