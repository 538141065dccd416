"""The front page of a desk's reading room: its texts, and what was approved last."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.models import Desk
from annotations.queries.changes import latest_changes
from annotations.queries.reading import notes_of, sources_to_read
from annotations.web.reading.room import public, whole_number

SOURCES = 20
RECENT = 8


@public
def front(request: HttpRequest, desk: Desk) -> HttpResponse:
    pages = Paginator(sources_to_read(desk), SOURCES)
    changes = latest_changes(desk, RECENT)
    documents = [each["annotation"] for each in changes if each["annotation"]]
    context = {
        "desk": desk,
        "page": pages.get_page(whole_number(request.GET.get("page"), 1)),
        "recent": notes_of(desk, documents),
    }
    return render(request, "reading/front.html", context)
