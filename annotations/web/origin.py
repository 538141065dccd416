"""Names the client of a request for the log of accounts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from annotations.services.accounts.log import Origin, coming_from


class OriginMiddleware:
    """The address is that which `project.serve` took from trusted proxies alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = Origin(
            address=str(request.META.get("REMOTE_ADDR") or ""),
            device=request.headers.get("User-Agent", ""),
        )
        with coming_from(origin):
            return self.get_response(request)
