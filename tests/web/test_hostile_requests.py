"""What nobody sends by mistake: every parameter that a view reads, with values that are none.

Which parameters a view reads is heard from the request while it is answered, so that a new one is
tried without being named here. Some values are tried each time, all with `ALL_HOSTILE_REQUESTS=1`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from annotations.models import Desk, Kind, Role, User
from annotations.services.accounts.administration import set_administrator
from tests import factories
from tests.web.rows import make_release

Value = TypeVar("Value")

pytestmark = pytest.mark.django_db

ALL = bool(os.environ.get("ALL_HOSTILE_REQUESTS"))  # takes some minutes
# As they stand in an address: NUL, half a pair, no UTF-8, numbers beyond every column.
VALUES = [
    "%00", "%ED%A0%80", "9" * 25, "%0D%0AX-A:%20b", "x%00y", "%FF%FE", "-" + "9" * 25, "2147483648",
    "9223372036854775808", "1e999", "[]", "%D9%A1%D9%A2", "%27%22%3E%3C", "x" * 5_000, "0001-01-01",
    "%5B%7B%7D%5D", "00000000-0000-0000-0000-000000000000", "9999-12-31T23:59:60Z",
]  # fmt: skip
WITH = {
    "If-None-Match": ["*", '"', "W/", '"\x00"', '"a", ' * 500, "\xff"],
    "If-Modified-Since": ["x", "Thu, 99 Foo 99999 99:99:99 GMT"],
    "If-Match": ['"9999999999999999999999"', '"', "\x00"],
    "Range": ["bytes=", "bytes=-", "bytes=9" + "9" * 30 + "-", "bytes=0-,0-,0-", "x=1"],
    "If-Range": ["\x00", '"x"'],
    "Accept": ["", "*", "\x00", "a/b;q=x", "application/json;profile=\"", ",".join(["a/b"] * 500)],
    "Accept-Language": ["\x00", "x" * 5_000, "-", "en;q=9999999"],
    "Accept-Encoding": ["gzip;q=x", "\x00"],
    "Authorization": ["Bearer", "Bearer \xff", "Basic \x00", "Bearer " + "x" * 5_000],
    "Cookie": ["sessionid=\x00", "sessionid=\xff; csrftoken=\xff", "device=\x00; a", "=;;="],
    "X-HTTP-Method-Override": ["DELETE"],
    "X-User": ["\x00", "x"],
    "X-Forwarded-For": ["\x00", "x, y"],
    "Last-Event-ID": ["\x00", "9" * 40, "-1"],
    "Host": ["\x00", "a" * 300, "[::1", "a:b:c"],
    "Referer": ["\x00", "http://[", "\xff"],
    "Origin": ["\x00", "null", "http://["],
    "HX-Request": ["true"],
    "HX-Current-URL": ["\x00", "http://["],
}  # fmt: skip
HEADERS = [(name, value) for name, values in WITH.items() for value in values]
METHODS = ["PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
FORM = "application/x-www-form-urlencoded"
BODIES = [
    (b"{", "application/json"), (b"\xff\xfe", "application/json"), (b"[]", "application/json"),
    (b'{"a":"\\u0000","name":"\\u0000","text":"\\u0000","q":"\\ud800"}', "application/json"),
    (b'{"id":1,"id":2}', "application/json"), (b"[" * 900, "application/json"),
    (b"9" * 5_000, "application/json"), (b"1e999", "application/json"),
    (b"NaN", "application/json"),
    (b"x", "application/json; charset=x"), (b"x", "text/plain"), (b"x", ""), (b"x", "\xff/\x00"),
    (b"x", "multipart/form-data"), (b"--b\r\n\r\n", "multipart/form-data; boundary=b"),
    (b"a=%00&email=%00&name=%ED%A0%80&change=%00", "application/x-www-form-urlencoded"),
    (b"a=\xff", "application/x-www-form-urlencoded; charset=utf-7"), (b"<a/>", "application/xml"),
]  # fmt: skip


class Visitor(Client):
    """Keeps the answers that are errors of ours."""

    def __init__(self, user: User) -> None:
        super().__init__(raise_request_exception=False)
        self.force_login(user)
        self.turn = self.count = 0
        self.broken: list[tuple[object, ...]] = []

    def some(self, values: Sequence[Value], count: int) -> Sequence[Value]:
        """So many of them, others each time."""
        self.turn += count
        return values if ALL else [values[(self.turn + n) % len(values)] for n in range(count)]

    def tries(self, method: str, address: str, *body: Any, **headers: Any) -> None:
        self.count += 1
        response = self.generic(method, address, *body, **headers)
        if response.streaming:
            b"".join(response)  # two exports at once are too many
        if response.status_code >= 500:
            self.broken.append((response.status_code, method, address[:200], body, headers))


def heard(visitor: Visitor, method: str, address: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of the parameters that are asked for while this is answered."""
    names: set[str] = set()

    def hearing(asked: Any) -> Any:
        def hear(data: QueryDict, name: Any, *arguments: Any) -> Any:
            if isinstance(name, str):
                names.add(name)
            return asked(data, name, *arguments)

        return hear

    with monkeypatch.context() as patch:
        for each in ("get", "getlist", "__getitem__", "__contains__"):
            patch.setattr(QueryDict, each, hearing(getattr(QueryDict, each)))
        visitor.tries(method, address, *([b"x=y", FORM] if method == "POST" else []))
    return names


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk("hostile", is_public=True)


@pytest.fixture
def ids(desk: Desk) -> list[UUID]:
    """Of rows of every kind; a route finds its own among them."""
    source = factories.make_source(desk)
    record = factories.make_entity(desk)
    mention = factories.approved(
        factories.make_annotation(source, fields={"entity": str(record.id)})
    )
    claim = factories.approved(factories.make_annotation(source, kind=Kind.CLAIM))
    quote = factories.approved(factories.make_annotation(source, kind=Kind.QUOTE))
    draft = factories.submitted(factories.make_annotation(source))
    comment = factories.make_comment(draft)
    key, _ = factories.make_key(desk, factories.member(desk, Role.MANAGER))
    make_release(desk)
    return [each.id for each in (source, draft, claim, mention, quote, comment, record, key)]


@pytest.fixture
def manager(desk: Desk) -> User:
    """Of the desk, who also administers the site."""
    return set_administrator(user=factories.member(desk, Role.MANAGER), by=None, wanted=True)


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    for each in patterns:
        path = before + str(each.pattern).removeprefix("^")
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, path)
        elif isinstance(each, URLPattern) and not path.startswith(("accounts/logout", "live")):
            yield "/" + path.removesuffix("$")


def addresses(client: Client, ids: list[UUID]) -> Iterator[str]:
    """Of every route one that there is, for this person."""
    for route in routes(get_resolver().url_patterns):
        base = route.replace("<slug:desk>", "hostile").replace("<int:number>", "1")
        base = base.replace("<slug:name>", "api").replace("<slug:token>", "x" * 43)
        for name in ("id", "source", "annotation", "key", "webhook", "job", "person", "release"):
            base = base.replace(f"<uuid:{name}>", "%s")
        base = base.replace("<str:name>", "annotations.jsonl").split("<")[0].split("(")[0]
        if base.endswith("/live"):  # has no end
            continue
        for address in (
            [base % ((id,) * base.count("%s")) for id in ids] if "%s" in base else [base]
        ):
            if client.get(address).status_code != 404:
                yield address
                break


def test_nothing_that_is_sent_makes_an_error(
    manager: User, ids: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(manager)
    for address in addresses(visitor, ids):
        parameters = heard(visitor, "GET", address, monkeypatch)
        fields = heard(visitor, "POST", address, monkeypatch) - {"csrfmiddlewaretoken"}
        for name in sorted(parameters):
            for value in visitor.some(VALUES, 1):
                visitor.tries("GET", f"{address}?{urlencode({name: ''})}{value}")
        for name in sorted(fields):
            for value in visitor.some(VALUES, 1):
                visitor.tries("POST", address, f"{urlencode({name: ''})}{value}".encode(), FORM)
        for name, value in visitor.some(HEADERS, 1):
            visitor.tries("GET", address, headers={name: value})
        for body, media in visitor.some(BODIES, 1):
            visitor.tries("PATCH" if address.startswith("/api") else "POST", address, body, media)
        for method in visitor.some(METHODS, 1):
            visitor.tries(method, address)

    assert visitor.broken == []
    assert visitor.count > 500
