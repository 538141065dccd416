"""Offsets for formats of Java's world, which count UTF-16 code units."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

LAST_OF_ONE_UNIT = "\uffff"


def in_utf16(text: str) -> Callable[[int], int]:
    """What turns an offset in code points of this text into one in UTF-16 code units.

    >>> in_utf16("a𝔠b")(2)
    3
    """
    pairs = [at for at, character in enumerate(text) if character > LAST_OF_ONE_UNIT]
    if not pairs:
        return lambda offset: offset
    return lambda offset: offset + bisect_left(pairs, offset)
