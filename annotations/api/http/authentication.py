"""Who asks: an API key or a signed-in session. What they may do is policy's matter."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from annotations.models import ApiKey, User
from annotations.policy import SECOND_FACTOR_OWED
from annotations.services.keys import use_key

SCHEME = "Bearer"


class WrongKey(AuthenticationFailed):
    default_detail = "This key is unknown, expired or revoked."


class KeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer imp_…` (RFC 6750 §2.1); the key becomes `request.auth`."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, secret = (
            authentication.get_authorization_header(request).decode("latin-1").partition(" ")
        )
        if scheme.lower() != SCHEME.lower():
            return None
        key = use_key(secret.strip())
        if key is None:
            raise WrongKey
        return key.user, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        return f'{SCHEME} realm="Imprimatur"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; every write must carry the CSRF token.

    A page that was opened by one person names them in `X-User`: what they did is not taken as
    done by whoever has signed in since.
    """

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        named = request.headers.get("X-User")
        if found is not None and named is not None and named != str(found[0].pk):
            raise AuthenticationFailed("Another account has signed in here since.")
        if found is not None and found[0].owes_factor:
            raise PermissionDenied(SECOND_FACTOR_OWED)
        return found


def is_known(request: HttpRequest) -> bool:
    """Whether a key that works or a person who is signed in sends this, whatever they may do."""
    try:
        if KeyAuthentication().authenticate(Request(request)) is not None:
            return True
    except WrongKey:
        return False
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if cookie is None:
        return False
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookie)
    return get_user(request).is_authenticated
