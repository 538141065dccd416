"""How much one client may ask for, and how it is told (draft-ietf-httpapi-ratelimit-headers-11).

Requests are counted by key, by signed-in person, or by address when there is neither. Keys that are
unknown, expired or revoked are counted by address on their own, so that a broken script beside a
good one takes nothing from it. One round trip to the cache each; while that is away, all may go on.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.http.authentication import WrongKey
from annotations.api.http.problems import TooMany
from annotations.api.rate_limits.counters import Count, counters
from annotations.models import ApiKey

WINDOW = 60  # seconds
HOUSEHOLD = 64  # bits of an IPv6 address that one client can usually choose the rest of


@dataclass(frozen=True)
class Quota:
    """A policy by its name in `settings.API_LIMITS`, and how much of it was used."""

    policy: str
    limit: int
    count: Count

    @property
    def is_exceeded(self) -> bool:
        return self.count.times > self.limit

    @property
    def sentence(self) -> str:
        ends_in = self.count.ends_in
        return f"More than {self.limit} requests a minute: go on in {ends_in} seconds."

    def headers(self) -> dict[str, str]:
        """RateLimit-Policy and RateLimit (§3, §4), and Retry-After (RFC 9110 §10.2.3)."""
        left = max(self.limit - self.count.times, 0)
        said = {
            "RateLimit-Policy": f'"{self.policy}";q={self.limit};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={left};t={self.count.ends_in}',
        }
        return said | ({"Retry-After": str(self.count.ends_in)} if self.is_exceeded else {})


class ThrottledView(APIView):
    """Counts each request once it is known who asks, before anything else is done for them."""

    quota: Quota | None = None

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except WrongKey:
            self._count("wrong-key", address_of(request))
            raise
        self._count(*_who(request))

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        for name, value in self.quota.headers().items() if self.quota else ():
            response.headers[name] = value
        return super().finalize_response(request, response, *args, **kwargs)

    def _count(self, policy: str, who: str) -> None:
        self.quota = counted(policy, who)
        if self.quota and self.quota.is_exceeded:
            raise TooMany(self.quota.sentence, policy)


def counted(policy: str, who: str) -> Quota | None:
    """Once more; None when there is no such limit or nothing can be counted now."""
    limit = settings.API_LIMITS.get(policy)
    count = counters().count(f"{policy}:{who}", WINDOW) if limit else None
    return Quota(policy, limit, count) if limit and count else None


def _who(request: Request) -> tuple[str, str]:
    """The policy, and whom it counts."""
    if isinstance(request.auth, ApiKey):
        return "key", str(request.auth.id)
    if request.user.is_authenticated:
        return "user", str(request.user.pk)
    return "address", address_of(request)


def address_of(request: HttpRequest | Request) -> str:
    """Of the client; of IPv6 the network, as everybody has a great many addresses there."""
    written = str(request.META.get("REMOTE_ADDR", ""))
    try:
        address = ipaddress.ip_address(written)
    except ValueError:  # a socket in the file system has none
        return written
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, HOUSEHOLD), strict=False))
    return str(address)
