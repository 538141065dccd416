"""A text with marks that may overlap, cut where one of them begins or ends.

Offsets are code points of the whole text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Mark:
    """The stretch `[start, end)` and whose it is; one owner may have several."""

    start: int
    end: int
    owner: str


@dataclass(frozen=True)
class Segment:
    """Text that the same marks cover all along; their owners, the shortest mark's first."""

    text: str
    owners: tuple[str, ...] = ()


def segments(text: str, marks: Iterable[Mark], first: int = 0) -> Iterator[Segment]:
    """The text in order, which begins at the code point `first`; marks may reach beyond it.

    >>> [(s.text, s.owners) for s in segments("Baku said no", [Mark(0, 9, "a"), Mark(5, 9, "b")])]
    [('Baku ', ('a',)), ('said', ('b', 'a')), (' no', ())]
    """
    last = first + len(text)
    begin: defaultdict[int, list[Mark]] = defaultdict(list)
    end: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.start < last and mark.end > first and mark.start < mark.end:
            begin[max(mark.start, first)].append(mark)
            end[min(mark.end, last)].append(mark)
    covering: list[Mark] = []
    cuts = sorted({first, last} | begin.keys() | end.keys())
    for here, there in pairwise(cuts):
        covering = [mark for mark in covering if mark not in end[here]] + begin[here]
        inwards = sorted(covering, key=lambda mark: mark.end - mark.start)
        yield Segment(text[here - first : there - first], tuple(mark.owner for mark in inwards))
