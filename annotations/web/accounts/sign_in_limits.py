"""How often passwords are tried, counted for all web processes alike.

A device on which the person has signed in before is known by a signed cookie and counted apart, so
that failures of others neither slow it down nor lock its owner out.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from annotations.models import User
from annotations.web.accounts.allauth_internals import RateLimitUsage, ratelimit

COOKIE = "device"
LIFETIME = 365 * 24 * 3600  # seconds
MOST_PEOPLE = 8  # of one device
SALT = "known-device"

KNOWN_DEVICE = "10/5m/key"
# By the client's address, by account from this address, and by account from everywhere.
RATES: Final = (("address", "10/m/ip,60/h/ip"), ("account_here", "5/5m/key"),
                ("account", "50/h/key"))  # fmt: skip
SENTENCE = (
    "Too many failed sign-ins. Wait five minutes, sign in on a device that you have used before, or"
    " set a new password by “Forgot your password?”."
)


def take_a_try(request: HttpRequest, address: str) -> RateLimitUsage | None:
    """Count one try of a password; None when there were too many. Roll it back if it was right."""
    user = User.objects.filter(email__iexact=address).first()
    if user is not None and (device := _device_of(request, user)):
        return _consume(request, "device", KNOWN_DEVICE, device)
    taken = RateLimitUsage(usage=[])
    for name, rates in RATES:
        usage = _consume(request, name, rates, _key(request, name, address))
        if usage is None:
            return None
        taken.usage += usage.usage
    return taken


def forget_tries(request: HttpRequest, address: str) -> None:
    """After the owner has set a new password by mail."""
    for name, rates in RATES[1:]:
        key = _key(request, name, address)
        ratelimit.clear(request, app="sign_in", action=name, config={name: rates}, key=key)


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Know this device from now on as one on which the person has signed in."""
    known = _cookie(request)
    people = [id for id in known["people"] if id != str(user.pk)][-(MOST_PEOPLE - 1) :]
    response.set_cookie(
        COOKIE,
        signing.dumps({**known, "people": [*people, str(user.pk)]}, salt=SALT),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _consume(request: HttpRequest, name: str, rates: str, key: str) -> RateLimitUsage | None:
    return ratelimit.consume(
        request, app="sign_in", action=name, config={name: rates}, key=key, limit_get=True
    )


def _key(request: HttpRequest, name: str, address: str) -> str:
    written = address.strip().lower()
    return f"{written} {ratelimit.get_ip(request)}" if name == "account_here" else written


def _device_of(request: HttpRequest, user: User) -> str:
    """What the person's own tries are counted by; "" where they have not signed in before."""
    if request.user == user:  # who is asked for the password again
        return f"session {user.pk}"
    known = _cookie(request)
    return f"{known['id']} {user.pk}" if str(user.pk) in known["people"] else ""


def _cookie(request: HttpRequest) -> dict[str, Any]:
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFETIME)
        return {"id": str(known["id"]), "people": [str(id) for id in known["people"]]}
    except (signing.BadSignature, KeyError, TypeError):
        return {"id": secrets.token_hex(8), "people": []}
