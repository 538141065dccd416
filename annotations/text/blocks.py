"""A text cut into blocks that a browser lays out quickly: few, and none of them long.

Put together again the pieces are the text, so a piece begins where the ones before it end. Lengths
are in code points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = 1_000  # whole lines go together until they are as long as this
LONG = 4_000  # a line longer than this is a block of its own, in pieces
PIECE = 1_500  # at most
FURTHEST = 3_000  # a piece that has no good end is this long, whatever it cuts

SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]+[\"'”’»)\]]*\s+")
SPACE = re.compile(r"\s+")
ZERO_WIDTH_JOINER = "\u200d"
JOINS = re.compile(  # emoji modifiers, variation selectors, tags, flags' letters, Hangul jamo
    "[\U0001f3fb-\U0001f3ff\ufe00-\ufe0f\U000e0020-\U000e01ef\U0001f1e6-\U0001f1ff\u1100-\u11ff]"
)


@dataclass(frozen=True)
class Block:
    """Whole lines with their line feeds in one piece, or a long line in several."""

    pieces: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        return len(self.pieces) > 1


def blocks_of(text: str) -> Iterator[Block]:
    """The text in order.

    >>> [block.pieces for block in blocks_of("Baku\\n\\nsaid no")]
    [('Baku\\n\\nsaid no',)]
    """
    together: list[str] = []
    length = 0
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        if together and (length >= BLOCK or len(line) > LONG):
            yield Block(("".join(together),))
            together, length = [], 0
        if len(line) > LONG:
            yield Block(tuple(_pieces(line)))
            continue
        together.append(line)
        length += len(line)
    if together:
        yield Block(("".join(together),))


def sheets_of(text: str, length: int) -> Iterator[str]:
    """The text in order, in sheets of whole blocks that are at least `length` long but the last."""
    sheet: list[str] = []
    size = 0
    for block in blocks_of(text):
        if size >= length:
            yield "".join(sheet)
            sheet, size = [], 0
        for piece in block.pieces:
            sheet.append(piece)
            size += len(piece)
    yield "".join(sheet)


def _pieces(line: str) -> Iterator[str]:
    start = 0
    while len(line) - start > PIECE:
        end = _end(line, start)
        yield line[start:end]
        start = end
    if start < len(line):
        yield line[start:]


def _end(line: str, start: int) -> int:
    """After a sentence, else after white space, else between any two characters."""
    for between in (SENTENCE_END, SPACE):
        ends = [found.end() for found in between.finditer(line, start, start + PIECE)]
        for end in reversed(ends):
            if end - start > PIECE // 3 and not _cuts_a_character(line, end):
                return end
    last = min(start + FURTHEST, len(line))
    whole = (end for end in range(start + PIECE, last) if not _cuts_a_character(line, end))
    return next(whole, last)


def _cuts_a_character(line: str, point: int) -> bool:
    """Whether what people see as one character goes on there, by the plain rules of UAX #29."""
    if point >= len(line):
        return False
    before, after = line[point - 1], line[point]
    return (
        unicodedata.category(after) in ("Mn", "Me", "Mc")
        or ZERO_WIDTH_JOINER in (before, after)
        or JOINS.match(after) is not None
    )
