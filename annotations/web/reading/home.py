"""The front page of a desk's reading room: its texts, and what was approved last."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.models import Desk, Kind, SourceTally
from annotations.queries.published.reading import approved_last, notes_of, sources_to_read
from annotations.web.paging import Key, page_of
from annotations.web.reading.public_pages import public

SOURCES = 20
BY_TIME = (Key("time", "imported_at"), Key("id", "source_id"))
RECENT = 8
NAMES = {Kind.CLAIM: "claim", Kind.QUOTE: "quote", Kind.ENTITY: "mention", Kind.FLAG: "flag"}


@public
def front(request: HttpRequest, desk: Desk) -> HttpResponse:
    page = page_of(sources_to_read(desk), BY_TIME, request.GET, SOURCES, descending=True)
    context = {
        "desk": desk,
        "page": page,
        "texts": [(tally.source, _in_words(tally)) for tally in page],
        "recent": notes_of(desk, approved_last(desk, RECENT)),
    }
    return render(request, "reading/front.html", context)


def _in_words(tally: SourceTally) -> list[tuple[Kind, str]]:
    """`[(claim, "7 claims"), …]`, of the kinds that there are."""
    counts = {
        Kind.CLAIM: tally.claims,
        Kind.QUOTE: tally.quotes,
        Kind.ENTITY: tally.entities,
        Kind.FLAG: tally.flags,
    }
    return [
        (kind, f"{counts[kind]:,} {name}{'' if counts[kind] == 1 else 's'}")
        for kind, name in NAMES.items()
        if counts[kind]
    ]
