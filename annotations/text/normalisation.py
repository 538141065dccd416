"""What importing does to a text before its offsets are counted, and the hash that names it.

The rule is short because a published tag answers "against which exact words":

- CRLF and a lone CR become LF;
- one byte order mark at the very start is removed;
- nothing else changes. Unicode is not normalised (no NFC), spaces and quotation marks stay as they
  are, and a text that cannot be stored (NUL) is refused by the importers, not mended here.
"""

from __future__ import annotations

import hashlib

BYTE_ORDER_MARK = "\ufeff"


def normalise(text: str) -> str:
    """The text as it is kept.

    >>> normalise("one\\r\\ntwo\\rthree")
    'one\\ntwo\\nthree'
    """
    return text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")


def sha256(text: str) -> str:
    """The SHA-256 of the text's UTF-8 bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
