"""Domain errors as pages: one sentence and the way back, a small fragment for htmx."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from annotations.errors import Conflict, DomainError, Invalid, NotFound, Refused

STATUS: dict[type[DomainError], tuple[int, str]] = {
    NotFound: (404, "Nothing here"),
    Refused: (403, "Not allowed"),
    Conflict: (409, "That does not go now"),
    Invalid: (422, "Something is wrong with what was sent"),
}


class DomainErrorMiddleware:
    """Translates what services refuse. The API has its own translation, which comes first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return error_page(request, error) if isinstance(error, DomainError) else None


def error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page of this error with its status; only the sentence when htmx asked."""
    status, title = next(said for kind, said in STATUS.items() if isinstance(error, kind))
    template = "errors/_message.html" if getattr(request, "htmx", False) else "errors/error.html"
    context = {"status": status, "title": title, "sentence": error.sentence}
    return render(request, template, context, status=status)
