"""Routes of one's own account, and of allauth's pages, each of which is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from allauth.account import urls as allauth_account
from allauth.mfa.base import urls as mfa
from allauth.mfa.recovery_codes import urls as recovery_codes
from allauth.mfa.totp import urls as totp
from allauth.mfa.webauthn import urls as webauthn
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import never_cache

from annotations.errors import Conflict
from annotations.web.accounts import address, closing, log, sessions
from annotations.web.confirming import in_a_new_session

View = Callable[..., HttpResponseBase]
Route = URLPattern | URLResolver
# Addresses are confirmed by `address.address` alone.
SIGNING_IN = {
    "mfa_authenticate", "mfa_login_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_trust",
}  # fmt: skip
REPLACED = {"account_email", "account_email_verification_sent", "account_confirm_email"}


def whole(view: View) -> View:
    """All or nothing. Raises Conflict when another request did the same meanwhile."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except IntegrityError as error:
            raise Conflict("This was changed in the meantime. Look at it again.") from error

    return wrapped


def wholly(patterns: Sequence[Route]) -> list[Route]:
    """The routes of another application, with `whole` views that nothing keeps."""
    return [
        URLResolver(each.pattern, wholly(each.url_patterns))
        if isinstance(each, URLResolver)
        else URLPattern(
            each.pattern, never_cache(whole(_asking(each))), each.default_args, each.name
        )
        for each in patterns
        if isinstance(each, URLResolver) or each.name not in REPLACED
    ]


def _asking(route: URLPattern) -> View:
    """Changes of how one signs in are for people who proved lately who they are."""
    changes = route.name == "account_set_password" or (route.name or "").startswith("mfa_")
    is_open = not changes or route.name in {*SIGNING_IN, "mfa_index"}
    return route.callback if is_open else in_a_new_session(route.callback)


second_factor: list[Route] = [
    *wholly(mfa.urlpatterns),
    path("totp/", include(wholly(totp.urlpatterns))),
    path("recovery-codes/", include(wholly(recovery_codes.urlpatterns))),
    path("webauthn/", include(wholly(webauthn.urlpatterns))),
]
urlpatterns = [
    path("second-factor/", include(second_factor)),
    path("email/", whole(address.address), name="account_email"),
    path("close/", whole(closing.closing), name="account_close"),
    path("sessions/", whole(sessions.sessions), name="account_sessions"),
    path("log/", log.own_log, name="account_log"),
    *wholly(allauth_account.urlpatterns),
]
