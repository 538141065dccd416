"""Passages of a text, and what is kept of them so that they can be found again.

Offsets count Unicode code points, as Python strings do, and are half-open: `[start, end)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

CONTEXT = 32  # code points of prefix and of suffix
# No span begins or ends with these: Unicode's White_Space, the information separators that Python
# strips besides and the byte order mark that JavaScript does. surface/text/blank.js and triggers
# `span_is_trimmed` and `suggestion_is_trimmed` name the same.
BLANK = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


@dataclass(frozen=True, order=True)
class Span:
    """The code points `[start, end)` of a text, at least one. Raises ValueError for any other pair.

    >>> "Baku said no"[Span(0, 4).slice]
    'Baku'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"[{self.start}, {self.end}) is not a span: 0 ≤ start < end")

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def slice(self) -> slice:
        return slice(self.start, self.end)

    def overlaps(self, other: Span) -> bool:
        """Whether a code point lies in both; spans that only touch do not overlap."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Selector:
    """A span, its words and those around it (Web Annotation Data Model, W3C, §4.2.4, §4.2.5)."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def select(text: str, span: Span) -> Selector:
    """The span's words in the text, with up to 32 code points on either side.

    Raises ValueError when the span ends beyond the text.
    """
    if span.end > len(text):
        raise ValueError(f"[{span.start}, {span.end}) ends beyond {len(text)} code points")
    return Selector(
        start=span.start,
        end=span.end,
        exact=text[span.slice],
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
    )


def trimmed(text: str, span: Span) -> Span | None:
    """The span without blank characters at its ends; None when it has no others.

    >>> trimmed("said\\u2003Baku\\n", Span(4, 10))
    Span(start=5, end=9)
    """
    words = text[span.slice]
    start = span.start + len(words) - len(words.lstrip(BLANK))
    end = span.end - len(words) + len(words.rstrip(BLANK))
    return Span(start, end) if start < end else None


def overlapping(spans: Iterable[Span]) -> bool:
    """Whether any two of the spans share a code point."""
    return any(first.overlaps(second) for first, second in pairwise(sorted(spans)))
