"""Tokens for formats that count in them, cut so that every span begins and ends with one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from annotations.exporters.corpora.documents import Document

# A word with its combining marks and joiners, one other character, or white space.
PIECE = re.compile(
    r"[\w\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u094f\u200c\u200d"
    r"\ufe0e\ufe0f]+|\S|\s+"
)
BREAK = re.compile(r"\n+")


class Token(NamedTuple):
    """Code points `[start, end)` of the text."""

    start: int
    end: int
    text: str


_latest: tuple[Document, list[list[Token]]] | None = None


def sentences(document: Document) -> list[list[Token]]:
    """The tokens line by line; a line is not ended inside a span.

    White space is a token only where a span begins or ends with it. The last document's are kept,
    since several formats ask for the same.
    """
    global _latest  # noqa: PLW0603 - of one slot
    latest = _latest
    if latest is None or latest[0] is not document:
        _latest = latest = (document, list(_sentences(document)))
    return latest[1]


def _sentences(document: Document) -> Iterator[list[Token]]:
    text = document.text
    starts = {passage.start for _, _, passage in document.passages()}
    ends = {passage.end for _, _, passage in document.passages()}
    breaks = sorted(_breaks(document))
    sentence: list[Token] = []
    for start, end in _pieces(text, sorted(starts | ends)):
        if sentence and _meets(breaks, sentence[-1].end, start):
            yield sentence
            sentence = []
        words = text[start:end]
        if not words.isspace() or start in starts or end in ends:
            sentence.append(Token(start, end, words))
    if sentence:
        yield sentence


def _meets(places: list[int], first: int, last: int) -> bool:
    """Whether one of the sorted places lies from the first to the last."""
    number = bisect_left(places, first)
    return number < len(places) and places[number] <= last


def _pieces(text: str, edges: list[int]) -> Iterator[tuple[int, int]]:
    waiting = iter([*edges, len(text) + 1])
    edge = next(waiting)
    for match in PIECE.finditer(text):
        start, end = match.span()
        while edge <= start:
            edge = next(waiting)
        while edge < end:
            yield start, edge
            start, edge = edge, next(waiting)
        yield start, end


def _breaks(document: Document) -> set[int]:
    """Where lines end, unless a span goes over it."""
    covered = sorted((passage.start, passage.end) for _, _, passage in document.passages())
    ends: set[int] = set()
    number, reach = 0, 0
    for match in BREAK.finditer(document.text):
        at = match.end()
        while number < len(covered) and covered[number][0] < at:
            reach = max(reach, covered[number][1])
            number += 1
        if reach <= at:
            ends.add(at)
    return ends
