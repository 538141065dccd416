"""The annotate page: a source's text to read and tag, and everything tagged so far beside it.

The page holds the text alone, so that it can be read at once; the annotations come in a response of
their own, which the page asks for in its head.
"""

from __future__ import annotations

import zlib
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from annotations import policy
from annotations.models import Desk, Role, Source
from annotations.policy import Action
from annotations.queries.annotations.workbench import State, compact_source, state_of
from annotations.queries.desks import codebook_document, desk_for
from annotations.queries.live.presence import LASTS
from annotations.queries.sources import latest_revision, source_on
from annotations.text.blocks import blocks_of
from annotations.text.spans import CONTEXT
from annotations.web.compression import gzipped

FORMAT = 2  # of the compact response; a browser's copy in another format is not used


@gzipped
@login_required
@require_safe
@never_cache
@ensure_csrf_cookie
def annotate(request: HttpRequest, desk: str, source: UUID) -> HttpResponse:
    """The text of the newest revision; the codebook and the page's addresses go along as JSON."""
    on_desk, role = desk_for(request.user, desk)
    shown = source_on(on_desk, source)
    revision = latest_revision(shown)
    context = {
        "desk": on_desk,
        "role": role,
        "source": shown,
        "revision": revision,
        "blocks": blocks_of(revision.text),
        "surface": {
            **_place(on_desk, shown),
            "checksum": zlib.adler32(revision.text.encode("utf-16-le")),
            "csrfCookie": settings.CSRF_COOKIE_NAME,
            "me": {"id": str(request.user.pk), "name": str(request.user)},
            "may": _may(on_desk, role),
        },
    }
    return render(request, "sources/annotate.html", context)


@gzipped
@require_safe
@cache_control(private=True, no_cache=True, no_store=True)
def tagged(request: HttpRequest, desk: str, source: UUID) -> HttpResponse:
    """The source's tags (queries/annotations/workbench.py), or 304 when the copy is as new."""
    if not request.user.is_authenticated:
        return HttpResponse(
            "Sign in first.\n", status=HTTPStatus.UNAUTHORIZED, content_type="text/plain"
        )
    on_desk, _ = desk_for(request.user, desk)
    shown = source_on(on_desk, source)
    if known := get_conditional_response(request, etag=_etag(state_of(shown))):
        return known
    compact = compact_source(shown)
    return HttpResponse(
        compact.body,
        content_type="application/json",
        headers={"ETag": _etag(compact.state)},
    )


def _etag(state: State) -> str:
    return f'"{FORMAT}-{state.cursor}-{state.names}"'


def _place(desk: Desk, source: Source) -> dict[str, Any]:
    """What is there to tag with, and the addresses to read from and write to."""
    work = reverse("api:work", args=[desk.slug])
    return {
        "source": str(source.id),
        "codebook": codebook_document(desk),
        "context": CONTEXT,
        "presenceLasts": LASTS.total_seconds(),
        "urls": {
            "work": work.removesuffix("/"),
            "annotations": reverse("api:work-source-annotations", args=[desk.slug, source.id]),
            "compact": reverse("tagged", args=[desk.slug, source.id]),
            "live": reverse("shared_stream"),
            "liveWorker": static("annotations/packed/live-worker.js"),
            "presence": reverse("presence", args=[desk.slug, source.id]),
            "review": reverse("review", args=[desk.slug]),
            "suggestions": reverse("suggestions", args=[desk.slug]),
            "sources": reverse("sources", args=[desk.slug]),
            "signIn": reverse(settings.LOGIN_URL),
        },
    }


def _may(desk: Desk, role: Role) -> dict[str, bool]:
    return {
        "tag": policy.allows(role, Action.TAG),
        "submit": policy.allows(role, Action.SUBMIT),
        "decide": policy.allows(role, Action.DECIDE),
        "deleteAny": policy.allows(role, Action.DELETE_ANY),
        "comment": policy.allows(role, Action.COMMENT),
        "deleteAnyComment": policy.allows(role, Action.DELETE_ANY_COMMENT),
        "approveOwn": desk.authors_may_approve,
    }
