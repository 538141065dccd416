"""Which desks publish for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.queries.desks import public_desks
from annotations.web.paging import Key, page_of
from annotations.web.reading.public_pages import alike_for_all

DESKS = 50
BY_NAME = (Key("text", "name"), Key("id", "id"))


@alike_for_all
def rooms(request: HttpRequest) -> HttpResponse:
    page = page_of(public_desks(), BY_NAME, request.GET, DESKS)
    return render(request, "reading/rooms.html", {"page": page})
