"""The annotate page: a source's text to read and tag, with everything tagged so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.models import Desk, Role, Source
from annotations.policy import Action
from annotations.queries.annotations import source_documents
from annotations.queries.desks import codebook_document, desk_for
from annotations.queries.sources import latest_revision, source_on


@dataclass(frozen=True)
class Line:
    """A line of a text without its line feed; `start` in code points of the whole text."""

    start: int
    text: str


@login_required
@require_safe
@never_cache
@ensure_csrf_cookie
def annotate(request: HttpRequest, desk: str, source: UUID) -> HttpResponse:
    """The text of the newest revision; its tags and the codebook go along as JSON."""
    on_desk, role = desk_for(request.user, desk)
    shown = source_on(on_desk, source)
    revision = latest_revision(shown)
    context = {
        "desk": on_desk,
        "role": role,
        "source": shown,
        "revision": revision,
        "lines": lines_of(revision.text),
        "surface": {
            **_place(on_desk, shown),
            "csrfCookie": settings.CSRF_COOKIE_NAME,
            "me": {"id": str(request.user.pk), "name": str(request.user)},
            "may": _may(on_desk, role),
        },
    }
    return render(request, "sources/annotate.html", context)


def lines_of(text: str) -> Iterator[Line]:
    """The text's lines: put together again with line feeds they are the text.

    >>> [line.start for line in lines_of("Baku\\n\\nsaid no")]
    [0, 5, 6]
    """
    start = 0
    for line in text.split("\n"):
        yield Line(start, line)
        start += len(line) + 1


def _place(desk: Desk, source: Source) -> dict[str, Any]:
    """What is there to see, and the addresses to write to."""
    known = source_documents(source)
    work = f"/api/v1/work/desks/{desk.slug}"
    return {
        "cursor": known.cursor,
        "annotations": known.documents,
        "codebook": codebook_document(desk),
        "urls": {
            "work": work,
            "annotations": f"{work}/sources/{source.id}/annotations",
            "live": reverse("live", args=[desk.slug, source.id]),
            "review": reverse("review", args=[desk.slug]),
        },
    }


def _may(desk: Desk, role: Role) -> dict[str, bool]:
    return {
        "tag": policy.allows(role, Action.TAG),
        "submit": policy.allows(role, Action.SUBMIT),
        "decide": policy.allows(role, Action.DECIDE),
        "deleteAny": policy.allows(role, Action.DELETE_ANY),
        "approveOwn": desk.authors_may_approve,
    }
