"""Domain errors as pages: one sentence and the way back, a small fragment for htmx."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from annotations.errors import Conflict, DomainError, Invalid, NotFound, Refused
from annotations.outages import Outage, outage_of

log = structlog.get_logger(__name__)

STATUS: dict[type[DomainError], tuple[int, str]] = {
    NotFound: (404, "Nothing here"),
    Refused: (403, "Not allowed"),
    Conflict: (409, "Not possible right now"),
    Invalid: (422, "Something is wrong with what was sent"),
}


class DomainErrorMiddleware:
    """Translates what services refuse. The API has its own translation, which comes first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DomainError):
            return error_page(request, error)
        if outage := outage_of(error):
            log.error("a request failed", path=request.path, reason=str(error).strip())
            return outage_page(request, outage)
        return None


def error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page of this error with its status; only the sentence when htmx asked."""
    status, title = next(said for kind, said in STATUS.items() if isinstance(error, kind))
    template = "errors/_message.html" if getattr(request, "htmx", False) else "errors/error.html"
    context = {"status": status, "title": title, "sentence": error.sentence}
    return render(request, template, context, status=status)


def outage_page(request: HttpRequest, outage: Outage) -> HttpResponse:
    """Made without asking the database who asks."""
    if getattr(request, "htmx", False):
        text = render_to_string("errors/_message.html", {"sentence": outage.sentence})
        response = HttpResponse(text, status=outage.status)
    else:
        response = plain_page(outage.status, "Not available right now", outage.sentence)
    for name, value in outage.headers.items():
        response.headers[name] = value
    return response


def plain_page(status: HTTPStatus, title: str, sentence: str) -> HttpResponse:
    """A page that needs nobody to be signed in and nothing to be read."""
    context = {"status": int(status), "title": title, "sentence": sentence}
    return HttpResponse(render_to_string("errors/plain.html", context), status=status)
