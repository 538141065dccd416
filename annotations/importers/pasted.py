"""Text that a person pasted."""

from __future__ import annotations

from annotations.importers.checks import check_characters, check_filled, check_size
from annotations.importers.imported import ImportedText, Unreadable
from annotations.importers.warnings import warnings_about
from annotations.text.normalisation import normalise

VERSION = "1"


def read_pasted(text: str, *, limit: int) -> ImportedText:
    """The pasted text, normalised; `limit` counts its bytes as UTF-8. Raises Unreadable.

    That line endings were unified is no news here: browsers send every form with CRLF.
    """
    check_size(_size(text), limit=limit, what="text")
    check_characters(text)
    text = normalise(text)
    check_filled(text, "There is no text here yet: paste some.")
    return ImportedText(
        text=text, importer="pasted", version=VERSION, warnings=tuple(warnings_about(text))
    )


def _size(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise Unreadable(
            f"Half a character (a lone surrogate) stands at position {error.start:,}. "
            "Paste the text again, or import it as a file."
        ) from None
