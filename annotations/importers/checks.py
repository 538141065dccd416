"""What no text may be, whatever its format: too large, a binary, NUL, empty."""

from __future__ import annotations

import re
import unicodedata

from annotations.importers.imported import Unreadable

BINARIES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document such as .docx, .odt or .epub"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document such as .doc"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
)
CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f]")  # all but tab, LF, form feed, CR, NUL
INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def check_size(size: int, *, limit: int, what: str = "file") -> None:
    """Raises Unreadable when the size is above the limit; both in bytes."""
    if size > limit:
        raise Unreadable(
            f"The {what} is larger than {limit / 1_000_000:g} MB, the most that can be imported. "
            "Import it in parts."
        )


def check_bytes(data: bytes) -> None:
    """Raises Unreadable when the bytes begin as those of a binary format do."""
    for magic, name in BINARIES:
        if data.startswith(magic):
            raise Unreadable(
                f"This file is {name}, whatever its name says. "
                "Save its text as .txt or .html first, or paste the text."
            )


def check_characters(text: str) -> None:
    """Raises Unreadable for a NUL, and for control characters beyond a stray few (1 in 20)."""
    position = text.find("\x00")
    if position >= 0:
        raise Unreadable(
            f"There is a NUL character at position {position:,}, so this is a binary file or text "
            "in another encoding. If it is text, choose its encoding, for instance utf-16."
        )
    controls = len(CONTROL.findall(text))
    if controls > max(10, len(text) // 20):
        raise Unreadable(
            f"{controls:,} of the {len(text):,} characters are control characters, so this is a "
            "binary file or text in another encoding. If it is text, choose its encoding."
        )


def check_filled(text: str, sentence: str) -> None:
    """Raises Unreadable with the sentence when there is nothing that a reader could see."""
    if all(unicodedata.category(character) in INVISIBLE for character in text):
        raise Unreadable(sentence)
