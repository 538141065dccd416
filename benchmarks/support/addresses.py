"""An address for each route of the product that reads, on a large desk; first and last page alike.

Needs Django's settings. A route that only writes is found by its answer to GET.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

django.setup()

from annotations.models import Desk, User  # noqa: E402 - needs the line before
from benchmarks.support.address_values import (  # noqa: E402 - as well
    OPEN,
    PAGE,
    VARIANTS,
    WORK,
    argument,
    manager,
)

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
NOT_MEASURED = {
    "live": "a stream",
    f"{PAGE}sources/<uuid:source>/live": "a stream",
    f"{PAGE}sources/<uuid:source>/presence": "only writes",
    f"{PAGE}releases/<int:number>/files/<str:name>": "a file",
    f"{OPEN}releases/<int:number>/files/<str:name>": "a file",
    "docs/<path:name>": "a file",
    f"{OPEN}annotations/export": "a stream of everything; see benchmarks/api.py",
    "api/v1/": "404 for unknown paths",
    OPEN: "only begins other addresses",
    WORK: "only begins other addresses",
    "accounts/single-sign-on/return": "comes from a provider",
    "join/<slug:token>": "a link for one use",
    "set-up/<slug:token>": "a link for one use",
    "readyz": "asks other servers",
    "accounts/second-factor/totp/deactivate/": "needs a second factor",
    "accounts/second-factor/recovery-codes/": "needs a second factor",
    "accounts/second-factor/recovery-codes/download/": "needs a second factor",
}

SIGN_IN = "/accounts/login/"


@dataclass(frozen=True)
class Address:
    """`path` with its query, asked for as `user`, whom `statements` signs in; None: signed out."""

    name: str
    path: str
    user: User | None
    accept: str = "*/*"
    client: Client = field(default_factory=Client)

    def get(self) -> Any:
        return self.client.get(self.path, headers={"Accept": self.accept}, follow=False)

    def seconds(self) -> tuple[float, float]:
        """How long it takes, and how much of that this process and its backend compute."""
        computed, began = _computed(), time.perf_counter()
        self.get()
        return time.perf_counter() - began, _computed() - computed

    def statements(self) -> list[str] | None:
        """What is asked of the database; None where nothing is read.

        Raises RuntimeError when the answer is not the page.
        """
        if self.user is not None:
            self.client.force_login(self.user, settings.AUTHENTICATION_BACKENDS[0])
        with CaptureQueriesContext(connection) as captured:
            answer = self.get()
        status = answer.status_code
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            return None
        if status == HTTPStatus.FOUND and self.user is not None and answer.url.startswith(SIGN_IN):
            raise RuntimeError(f"{self.path} asks to sign in.")
        if status not in (HTTPStatus.OK, HTTPStatus.FOUND):
            raise RuntimeError(f"{self.path} answers {status}.")
        return [each["sql"] for each in captured.captured_queries if each["sql"]]


def unmeasured() -> list[str]:
    """Routes with arguments of which no value is known; empty when all are measured."""
    return [
        route
        for route in routes()
        if route not in NOT_MEASURED
        and not route.startswith("accounts/")
        and any(argument(route, name) is None for name in _names(route))
    ]


@cache
def routes() -> tuple[str, ...]:
    return tuple(dict.fromkeys(_routes(get_resolver().url_patterns, "")))


def addresses_of(slug: str, only: str = "") -> Iterator[Address]:
    """Of all routes, each with its variants; those with `only` in their name."""
    desk = Desk.objects.get(slug=slug)
    by = _administrator(desk)
    for route in routes():
        if route in NOT_MEASURED or (route.startswith("accounts/") and "<" in route):
            continue
        user = None if route.startswith("read/") else by
        variants = VARIANTS.get(route, {"": lambda _: {}})
        for variant, query_of in variants.items():
            query = dict(query_of(desk))
            values = {
                name: query.pop(f"<{name}>", None) or _value(desk, route, name)
                for name in _names(route)
            }
            accept = str(query.pop("<accept>", "*/*"))
            path = "/" + ARGUMENT.sub(lambda match, values=values: str(values[match[1]]), route)
            path += f"?{urlencode(query)}" if query else ""
            name = f"/{route}".replace("<slug:desk>", "…") + (f" ({variant})" if variant else "")
            if only in name:
                yield Address(name, path, user, accept)


def _computed() -> float:
    """Seconds of a processor that this process and its database backend have had."""
    if connection.connection is None:
        return time.process_time()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    spent = int(backend.read_text(encoding="ascii").split()[0]) if backend.exists() else 0
    return time.process_time() + spent / 1e9


def _routes(patterns: list[Any], before: str) -> Iterator[str]:
    for each in patterns:
        route = before + str(getattr(each.pattern, "_route", each.pattern)).lstrip("^")
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield route


def _names(route: str) -> list[str]:
    return ARGUMENT.findall(route)


def _value(desk: Desk, route: str, name: str) -> object:
    value_of = argument(route, name)
    if value_of is None:
        raise RuntimeError(f"No value is known for {name} of {route}.")
    return value_of(desk)


def _administrator(desk: Desk) -> User:
    """The manager, who may see the pages of the site from now on too."""
    User.objects.filter(id=manager(desk).id).update(is_staff=True)
    return manager(desk)
