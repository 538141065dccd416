"""Bodies that are too large, too slow or from strangers, before anything looks at them."""

from __future__ import annotations

import asyncio
import errno
import json
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from annotations.models import Desk, Role
from project.asgi import application
from project.http import bodies, handler
from project.http.bodies import OF_STRANGERS, Body
from project.http.turns import Gone, Turns
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PART = 32_000  # bytes
PATHS = ["/", "/accounts/login/", "/no/such/page", "/api/v1/x", "/read/x/"]


class Sent:
    """A request that is sent in parts; knows how much of it was taken."""

    def __init__(
        self,
        path: str,
        size: int,
        *,
        announced: bool = True,
        headers: dict[str, str] | None = None,
        method: str = "POST",
        content: bytes = b"",
    ) -> None:
        self.taken = 0
        self.content = content.ljust(size)
        self.size = size = len(self.content)
        said = {"host": "localhost", "content-type": "application/json", **(headers or {})}
        if announced:
            said.setdefault("content-length", str(size))
        self.scope = {
            "type": "http", "method": method, "path": path, "query_string": b"", "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in said.items()],
            "client": ("127.0.0.1", 1),
        }  # fmt: skip
        self.messages: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        part = self.content[self.taken : self.taken + PART]
        self.taken += len(part)
        return {"type": "http.request", "body": part, "more_body": self.taken < self.size}

    async def send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)

    def answer(self) -> tuple[int, bytes]:
        asyncio.run(application(self.scope, self.receive, self.send))
        return self.messages[0]["status"], self.messages[-1]["body"]


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


@pytest.fixture
def key(desk: Desk) -> dict[str, str]:
    _, secret = factories.make_key(desk, factories.member(desk, Role.EDITOR))
    return {"authorization": f"Bearer {secret}"}


def tagging(desk: Desk) -> str:
    return f"/api/v1/work/desks/{desk.slug}/entities"


def importing(desk: Desk) -> str:
    return f"/api/v1/work/desks/{desk.slug}/sources"


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/no/such/page", "/api/v1/x", "/read/x/"]
)
def test_a_large_body_of_a_stranger_is_refused_wherever_it_is_sent(
    path: str, announced: bool
) -> None:
    sent = Sent(path, 5_000_000, announced=announced)

    status, body = sent.answer()

    assert status == 413
    if path.startswith("/api/"):
        assert json.loads(body)["detail"] == "Sign in before you send as much as this."


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer imp_wrong"},
        {"authorization": "Bearer"},
        {"cookie": "sessionid=made-up"},
        {"cookie": "sessionid="},
        {"cookie": "sessionid=" + "x" * 5_000},
    ],
    ids=repr,
)
def test_credentials_that_are_made_up_are_a_strangers(desk: Desk, headers: dict[str, str]) -> None:
    assert Sent(importing(desk), 5_000_000, headers=headers).answer()[0] == 413


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_what_a_key_sends_has_the_limit_of_its_kind(
    desk: Desk, key: dict[str, str], settings: Settings, announced: bool
) -> None:
    most, most_of_a_source = settings.LARGEST_BODY, settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    statuses = [
        Sent(path, size, announced=announced, headers=key).answer()[0]
        for path, size in [
            (tagging(desk), most), (tagging(desk), most + 1),
            (importing(desk), most + 1), (importing(desk), most_of_a_source + 1),
        ]
    ]  # fmt: skip

    assert [status == 413 for status in statuses] == [False, True, False, True]


def test_a_person_who_is_signed_in_may_send_as_much_as_a_key(desk: Desk) -> None:
    client = Client()
    client.force_login(factories.member(desk, Role.EDITOR))
    cookie = {"cookie": f"sessionid={client.cookies['sessionid'].value}"}

    assert Sent(importing(desk), OF_STRANGERS + 1, headers=cookie).answer()[0] == 403  # CSRF


def test_no_more_is_kept_of_a_refused_body_than_a_strangers(desk: Desk) -> None:
    sent = Sent("/", 1_000, headers={"content-length": str(10**12)})

    assert sent.answer()[0] == 413
    assert sent.taken == 0


def test_a_body_that_comes_too_slowly_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Sent("/", 1_000)
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)
    monkeypatch.setattr(bodies, "DRAINING", 0.05)

    async def never() -> dict[str, Any]:
        return await asyncio.Future()

    sent.receive = never  # type: ignore[method-assign]

    assert sent.answer()[0] == 408


def test_a_disk_that_is_full_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _part: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            pass

    monkeypatch.setattr(bodies.tempfile, "SpooledTemporaryFile", lambda **_: Full())

    assert Sent("/", 1_000).answer()[0] == 507


def test_the_process_says_that_it_lives_without_reading_anything() -> None:
    sent = Sent("/livez", 10**9, method="GET")

    assert sent.answer() == (200, b"ok\n")
    assert sent.taken == 0


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_a_body_without_a_length_is_a_body(
    desk: Desk, key: dict[str, str], announced: bool
) -> None:
    source = factories.make_source(desk)
    path = f"/api/v1/work/desks/{desk.slug}/sources/{source.id}/annotations"
    tag = {"kind": "entity", "label": "place", "spans": [{"start": 0, "end": 6}]}

    made = Sent(path, 0, announced=announced, headers=key, content=json.dumps(tag).encode())
    status, body = made.answer()
    annotation = json.loads(body)
    assert status == 201, body

    path = f"/api/v1/work/desks/{desk.slug}/annotations/{annotation['id']}"
    edit = Sent(
        path, 0, announced=announced, method="PATCH",
        headers={**key, "if-match": '"v1"'}, content=b'{"label": "person"}',
    )  # fmt: skip
    status, body = edit.answer()
    assert (status, json.loads(body)["label"]) == (200, "person")


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_a_form_without_a_length_is_a_form(announced: bool) -> None:
    user = factories.make_user(email="a@chunked.example")
    form = {"content-type": "application/x-www-form-urlencoded"}
    content = f"login={user.email}&password=wrong".encode()
    client = Client()
    client.get("/accounts/login/")
    token = client.cookies["csrftoken"].value
    headers = {**form, "cookie": f"csrftoken={token}", "x-csrftoken": token}

    status, body = Sent(
        "/accounts/login/", 0, announced=announced, headers=headers, content=content
    ).answer()

    assert status == 200
    assert b"a@chunked.example" in body


class Parts:
    """Parts that come in when the test says so."""

    def __init__(self, *sent: dict[str, Any]) -> None:
        self.scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
        self.waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for each in sent:
            self.waiting.put_nowait(each)
        self.receive = self.waiting.get


def part(content: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


def test_who_leaves_while_it_is_looked_up_who_sends_is_not_looked_up() -> None:
    async def scene() -> None:
        turns = Turns(at_once=0, waiting=1, patience=60)
        parts = Parts(part(b"x" * 65_000), part(b"x" * 30_000))
        body = Body(parts.scope, parts.receive)

        async def is_known() -> bool:
            async with turns.turn(body.left):
                raise AssertionError("nobody is there any more")

        reading = asyncio.create_task(body.read(is_known))
        await asyncio.sleep(0.05)
        assert (body.size, len(turns.queue)) == (95_000, 1)
        parts.waiting.put_nowait({"type": "http.disconnect"})

        with pytest.raises(Gone):
            await asyncio.wait_for(reading, 5)
        assert (len(turns.queue), body.file.closed) == (0, True)

    asyncio.run(scene())


def test_what_comes_in_while_it_is_looked_up_who_sends_is_kept_and_bounded() -> None:
    async def scene() -> None:
        turns = Turns(at_once=1, waiting=1, patience=60)
        sent = [bytes([each]) * 33_000 for each in range(9)]
        parts = Parts(*map(part, sent), part(b"", more=False))
        body = Body(parts.scope, parts.receive)

        async def is_known() -> bool:
            async with turns.turn(body.left):
                return True

        async with turns.turn():
            reading = asyncio.create_task(body.read(is_known))
            await asyncio.sleep(0.05)
            assert body.size <= OF_STRANGERS + bodies.AHEAD + 2 * 33_000

        assert (await asyncio.wait_for(reading, 5)).read() == b"".join(sent)
        assert (turns.free, len(turns.queue)) == (1, 0)

    asyncio.run(scene())


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
def test_while_the_database_is_away_nobody_is_told_to_sign_in(
    key: dict[str, str], desk: Desk, announced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_request: object) -> bool:
        raise OperationalError("the database does not answer")

    monkeypatch.setattr(handler, "is_known", away)
    sent = Sent(importing(desk), 500_000, announced=announced, headers=key)

    status, body = sent.answer()

    assert (status, json.loads(body)["title"]) == (503, "Service Unavailable")
    assert sent.taken == sent.size
