"""Where else the words of a mention stand.

Words match whole. Equal are white space of any length with at most one line feed in it (a name does
not go on in the next paragraph), apostrophes of all shapes, quotation marks of all shapes, dashes
of all shapes, and a letter with its accent as one character or as two. Words with a capital match
as they are written, words without one in either case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from annotations.suggesters.boundaries import is_boundary
from annotations.text.spans import Span

ORIGIN = "occurrences/1"

ALIKE = (
    "'’‘‛`´ʼ′＇",
    '"“”„‟«»″＂',
    "-‐‑‒–—−",
)
SPACE = r"(?:[^\S\n]++(?:\n[^\S\n]*+)?|\n[^\S\n]*+)"
_CLASSES = {character: f"[{re.escape(alike)}]" for alike in ALIKE for character in alike}


@dataclass(frozen=True)
class _Name:
    pattern: str
    compiled: re.Pattern[str]


def occurrences(text: str, names: Iterable[str]) -> Iterator[Span]:
    """The places of the names in reading order, none overlapping another, the longest at each.

    Takes time in proportion to the text and to the names' length.

    >>> text = "Erdoğan`s party. Mr Erdoğan, not Erdoğanism; RECEP\\nTAYYIP ERDOĞAN"
    >>> [text[span.slice] for span in occurrences(text, ["Erdoğan", "Mr Erdoğan"])]
    ['Erdoğan', 'Mr Erdoğan']
    """
    wanted = _names(names)
    if not wanted:
        return
    anywhere = re.compile("|".join(name.pattern for name in wanted))
    place = 0
    while (found := anywhere.search(text, place)) is not None:
        start = found.start()
        end = _longest(text, start, wanted) if is_boundary(text, start) else None
        if end is not None:
            yield Span(start, end)
        place = end or start + 1


def clear_of(spans: Iterable[Span], taken: Iterable[Span]) -> Iterator[Span]:
    """Those of the spans that overlap none of `taken`. The spans are in order and do not overlap.

    >>> list(clear_of([Span(0, 4), Span(9, 12)], [Span(2, 9)]))
    [Span(start=9, end=12)]
    """
    others = sorted(taken)
    passed, furthest = 0, 0
    for span in spans:
        while passed < len(others) and others[passed].start < span.end:
            furthest = max(furthest, others[passed].end)
            passed += 1
        if furthest <= span.start:
            yield span


def _longest(text: str, start: int, names: Iterable[_Name]) -> int | None:
    """Where the longest name that stands whole at `start` ends."""
    matches = (name.compiled.match(text, start) for name in names)
    ends = [match.end() for match in matches if match and is_boundary(text, match.end())]
    return max(ends, default=None)


def _names(names: Iterable[str]) -> list[_Name]:
    written = filter(None, (" ".join(name.split()) for name in names))
    forms = (each for name in written for each in (name, *_composed(name)))
    patterns = dict.fromkeys(_pattern(form) for form in forms)
    return [_Name(pattern, re.compile(pattern)) for pattern in patterns]


def _composed(name: str) -> tuple[str, str]:
    return normalize("NFC", name), normalize("NFD", name)


def _pattern(name: str) -> str:
    words = ("".join(_CLASSES.get(each, re.escape(each)) for each in word) for word in name.split())
    pattern = SPACE.join(words)
    has_capital = any(each.isupper() or each.istitle() for each in name)
    return f"(?:{pattern})" if has_capital else f"(?i:{pattern})"
