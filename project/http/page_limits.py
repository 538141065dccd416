"""How many pages one client may ask for, counted as the API counts its requests."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from annotations.api.rate_limits.throttling import address_of, counted
from annotations.web.errors import plain_page

# What counts by itself, or is for the machines that watch.
APART = (settings.API_PREFIX, "/livez", "/readyz")
FOR_EVERYBODY = ("/read/",)  # pages that do not ask who reads them


class PageLimits:
    """By person for those who are signed in, else by address; nothing is done for the others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.API_LIMITS or request.path.startswith(APART):
            return self.get_response(request)
        quota = counted(*_who(request))
        if quota is None or not quota.is_exceeded:
            return self.get_response(request)
        answer = plain_page(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests", quota.sentence)
        for name, value in quota.headers().items():
            answer.headers[name] = value
        return answer


def _who(request: HttpRequest) -> tuple[str, str]:
    """The policy, and whom it counts. A cookie that was made up is a stranger's."""
    has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
    if has_cookie and not request.path.startswith(FOR_EVERYBODY) and request.user.is_authenticated:
        return "user", str(request.user.pk)
    return "address", f"pages {address_of(request)}"
