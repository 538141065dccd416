"""A version's spans in the text around them, without loading the whole text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Substr

from annotations.models import Revision, Span, Version

REACH = 700  # code points shown before and after a span, at most
PARAGRAPH = re.compile(r"\n\s*\n|\n")
# A full stop, closing marks, white space and no small letter next (UAX #29, §5, simplified).
SENTENCE = re.compile(r"""[.!?…。！？][)\]"'”“’»›]*\s+(?=[^a-zà-öø-ÿ\s])""")


@dataclass(frozen=True)
class Piece:
    """A stretch of text, inside a span or between."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Passage:
    """Neighbouring spans with the paragraphs around them; `start` is in code points.

    The flags tell whether the text goes on before and after what is shown.
    """

    start: int
    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


def passages_of(version: Version) -> list[Passage]:
    """Spans that stand close together share a passage; one statement a passage, and one more."""
    spans = list(version.spans.order_by("start"))
    return [_passage(version.revision_id, group) for group in _close(spans)]


def _close(spans: Sequence[Span]) -> Iterator[list[Span]]:
    group: list[Span] = []
    for span in spans:
        if group and span.start - group[-1].end > REACH:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _passage(revision_id: int, spans: Sequence[Span]) -> Passage:
    first, last = spans[0].start, spans[-1].end
    start = max(0, first - REACH)
    row = (
        Revision.objects.filter(pk=revision_id)
        .annotate(around=Substr("text", start + 1, last + REACH - start), whole=F("length"))
        .values("around", "whole")
        .get()
    )
    around: str = row["around"]
    begin = _paragraph_start(around, first - start, at_text_start=start == 0)
    reaches_end = start + len(around) == row["whole"]
    end = _paragraph_end(around, last - start, at_text_end=reaches_end)
    shown = [(span.start - start - begin, span.end - start - begin) for span in spans]
    return Passage(
        start=start + begin,
        pieces=tuple(_pieces(around[begin:end], shown)),
        cut_before=start + begin > 0,
        cut_after=start + end < row["whole"],
    )


def _paragraph_start(text: str, position: int, *, at_text_start: bool) -> int:
    """Where the paragraph before the one at `position` begins; else a sentence or a word."""
    breaks = [match.end() for match in PARAGRAPH.finditer(text, 0, position)]
    if len(breaks) > 1:
        return breaks[-2]
    if at_text_start:
        return 0
    if breaks:
        return breaks[0]
    sentence = SENTENCE.search(text, 0, position)
    return sentence.end() if sentence else min(text.find(" ") + 1, position)


def _paragraph_end(text: str, position: int, *, at_text_end: bool) -> int:
    """Where the paragraph after the one at `position` ends; else a sentence or a word."""
    breaks = [match.start() for match in PARAGRAPH.finditer(text, position)]
    if len(breaks) > 1:
        return breaks[1]
    if at_text_end:
        return len(text)
    if breaks:
        return breaks[0]
    sentences = [match.end() for match in SENTENCE.finditer(text, position)]
    return len(text[: sentences[-1]].rstrip()) if sentences else max(text.rfind(" "), position)


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    done = 0
    for start, end in spans:
        if start > done:
            yield Piece(text[done:start], marked=False)
        yield Piece(text[start:end], marked=True)
        done = end
    if done < len(text):
        yield Piece(text[done:], marked=False)
