"""Routes of one's own account, and of allauth's pages, each of which is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from allauth.account import urls as allauth_account
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from annotations.errors import Conflict
from annotations.web import account_log, address, sessions

View = Callable[..., HttpResponseBase]
# Addresses are confirmed by `address.address` alone.
REPLACED = {"account_email", "account_email_verification_sent", "account_confirm_email"}


def whole(view: View) -> View:
    """All or nothing. Raises Conflict when another request did the same meanwhile."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except IntegrityError as error:
            raise Conflict("This was changed meanwhile. Look at it again.") from error

    return wrapped


def wholly(patterns: Sequence[URLPattern]) -> list[URLPattern]:
    """The routes of another application, with `whole` views that nothing keeps."""
    return [
        URLPattern(each.pattern, never_cache(whole(each.callback)), each.default_args, each.name)
        for each in patterns
        if each.name not in REPLACED
    ]


urlpatterns = [
    path("email/", whole(address.address), name="account_email"),
    path("sessions/", whole(sessions.sessions), name="account_sessions"),
    path("log/", account_log.own_log, name="account_log"),
    *wholly(allauth_account.urlpatterns),
]
