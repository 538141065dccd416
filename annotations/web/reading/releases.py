"""What a public desk released, with the files to take along."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from annotations.models import Desk
from annotations.queries.published.releases import release_on, releases_of
from annotations.queries.published.retractions import differences_from_the_one_before
from annotations.web.paging import Key, page_of
from annotations.web.reading.public_pages import public
from annotations.web.release_changes import changes_of

RELEASES = 30
BY_NUMBER = (Key("number", "number"),)
SHOWN = 50  # differences on the page; the API has all


@public
def releases(request: HttpRequest, desk: Desk) -> HttpResponse:
    page = page_of(releases_of(desk), BY_NUMBER, request.GET, RELEASES, descending=True)
    return render(request, "reading/releases.html", {"desk": desk, "page": page})


@public
def release(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    found = release_on(desk, number)
    address = reverse("api:release", args=[desk.slug, number])
    files = [
        (file, reverse("api:release-file", args=[desk.slug, number, file.name]))
        for file in found.files.all()
    ]
    differences = differences_from_the_one_before(found, limit=SHOWN)
    context = {
        "desk": desk,
        "release": found,
        "files": files,
        "address": settings.PUBLIC_URL + address,
        "differences": differences,
        "changes": changes_of(
            differences,
            lambda each: reverse("read_passage", args=[desk.slug, each.id]),
            is_public=True,
        ),
    }
    return render(request, "reading/release.html", context)
