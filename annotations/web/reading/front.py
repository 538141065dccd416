"""The front page of a desk's reading room: its texts, and what was approved last."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.models import Desk, Kind
from annotations.queries.changes import latest_changes
from annotations.queries.reading import notes_of, sources_to_read, tallies_of
from annotations.web.reading.room import public, whole_number

SOURCES = 20
RECENT = 8
NAMES = {Kind.CLAIM: "claim", Kind.QUOTE: "quote", Kind.ENTITY: "name", Kind.FLAG: "flag"}


@public
def front(request: HttpRequest, desk: Desk) -> HttpResponse:
    pages = Paginator(sources_to_read(desk), SOURCES)
    page = pages.get_page(whole_number(request.GET.get("page"), 1))
    tallies = tallies_of(desk, list(page.object_list))
    changes = latest_changes(desk, RECENT)
    documents = [each["annotation"] for each in changes if each["annotation"]]
    context = {
        "desk": desk,
        "page": page,
        "texts": [(source, _in_words(tallies[source.id])) for source in page],
        "recent": notes_of(desk, documents),
    }
    return render(request, "reading/front.html", context)


def _in_words(tally: dict[Kind, int]) -> list[tuple[Kind, str]]:
    """`[(claim, "7 claims"), …]`, of the kinds that there are."""
    return [
        (kind, f"{count:,} {name}{'' if count == 1 else 's'}")
        for kind, name in NAMES.items()
        if (count := tally.get(kind))
    ]
