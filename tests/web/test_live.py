"""The live stream: every event once, in order, to those who may read it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import AsyncClient

from annotations.models import Event, Membership, Role, Source, User
from annotations.services.annotations import delete_annotation
from annotations.web import live
from annotations.web.listening import NAME, Hub
from tests.factories import make_annotation, make_desk, make_source, make_user, member

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 5.0  # seconds


@pytest.fixture(autouse=True)
def own_hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub that no other test has stopped."""
    hub = Hub()
    monkeypatch.setattr(live, "hub", hub)
    return hub


@pytest.fixture
def source() -> Source:
    return make_source(make_desk())


class Stream:
    """An open stream as a client reads it."""

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        self.content = content
        self.text = ""

    async def block(self) -> str | None:
        """The next message or comment; None at the end."""
        while "\n\n" not in self.text:
            try:
                chunk = await asyncio.wait_for(anext(self.content), PATIENCE)
            except StopAsyncIteration:
                return None
            self.text += chunk.decode()
        block, _, self.text = self.text.partition("\n\n")
        return block

    async def event(self) -> dict[str, Any]:
        """The data of the next event."""
        while block := await self.block():
            if data := [line[6:] for line in block.splitlines() if line.startswith("data: ")]:
                return json.loads(data[0])
        raise AssertionError("the stream ended")

    async def ends(self) -> bool:
        while await self.block() is not None:
            pass
        return True


def address(source: Source) -> str:
    return f"/desks/{source.desk.slug}/sources/{source.id}/live"


def watch(
    source: Source,
    person: User,
    read: Callable[[Stream], Awaitable[Any]],
    headers: dict[str, str] | None = None,
    after: int = 0,
) -> Any:
    """What `read` makes of the stream as this person gets it."""

    async def run() -> Any:
        client = AsyncClient()
        await client.aforce_login(person)
        response = await client.get(f"{address(source)}?after={after}", headers=headers)
        assert response.status_code == 200, response.content
        content = aiter(response.streaming_content)
        try:
            return await read(Stream(content))
        finally:
            await content.aclose()

    connection.close()  # this thread's own, which would be counted with the server's
    return asyncio.run(run())


def status(url: str, person: User | None = None) -> int:
    async def run() -> int:
        client = AsyncClient()
        if person is not None:
            await client.aforce_login(person)
        return (await client.get(url)).status_code

    return asyncio.run(run())


def test_strangers_get_no_stream(source: Source) -> None:
    elsewhere = make_source(make_desk())

    assert status(address(source)) == 401
    assert status(address(source), make_user()) == 404
    assert status(address(source), member(elsewhere.desk, Role.MANAGER)) == 404
    nowhere = address(source).replace(str(source.id), str(uuid4()))
    assert status(nowhere, member(source.desk, Role.READER)) == 404


@pytest.mark.parametrize("cursor", ["x", "-1", "1e3", "9" * 30])
def test_a_cursor_that_is_no_number_is_refused(source: Source, cursor: str) -> None:
    url = f"{address(source)}?after={cursor}"

    assert status(url, member(source.desk, Role.READER)) == 400


def test_what_happened_after_the_cursor_comes_first_and_in_order(source: Source) -> None:
    made = [make_annotation(source, spans=[(n, n + 1)]) for n in range(3)]
    first = Event.objects.get(annotation=made[0])

    async def read(stream: Stream) -> list[dict[str, Any]]:
        return [await stream.event(), await stream.event()]

    events = watch(source, member(source.desk, Role.READER), read, after=first.seq)

    assert [event["annotation"]["id"] for event in events] == [str(a.id) for a in made[1:]]
    assert [event["seq"] for event in events] == [first.seq + 1, first.seq + 2]
    assert {event["type"] for event in events} == {"annotation.created"}


def test_the_last_event_id_of_a_reconnecting_browser_goes_before_the_address(
    source: Source,
) -> None:
    made = [make_annotation(source, spans=[(n, n + 1)]) for n in range(2)]
    seen = {"Last-Event-ID": str(Event.objects.get(annotation=made[0]).seq)}

    event = watch(source, member(source.desk, Role.READER), Stream.event, headers=seen)

    assert event["annotation"]["id"] == str(made[1].id)


def test_what_happens_meanwhile_wakes_the_stream(source: Source) -> None:
    async def read(stream: Stream) -> tuple[dict[str, Any], dict[str, Any]]:
        await stream.block()
        made = await sync_to_async(make_annotation)(source)
        created = await stream.event()
        author = await sync_to_async(member)(source.desk, Role.EDITOR)
        await sync_to_async(delete_annotation)(annotation=made, by=author, expected_version=1)
        return created, await stream.event()

    created, deleted = watch(source, member(source.desk, Role.READER), read)

    assert (created["type"], created["annotation"]["deleted"]) == ("annotation.created", False)
    assert (deleted["type"], deleted["annotation"]["deleted"]) == ("annotation.deleted", True)
    assert created["by"] == str(member(source.desk, Role.EDITOR).id)


def test_other_sources_are_not_told_of(source: Source) -> None:
    other = make_source(source.desk)

    async def read(stream: Stream) -> dict[str, Any]:
        await stream.block()
        await sync_to_async(make_annotation)(other)
        await sync_to_async(make_annotation)(source)
        return await stream.event()

    event = watch(source, member(source.desk, Role.READER), read)

    assert event["annotation"]["source"] == str(source.id)


def test_nothing_is_missed_when_the_listening_connection_is_cut(source: Source) -> None:
    async def read(stream: Stream) -> dict[str, Any]:
        await stream.block()
        waiting = asyncio.ensure_future(stream.event())
        await sync_to_async(cut_listener)()
        await sync_to_async(make_annotation)(source)
        return await waiting

    event = watch(source, member(source.desk, Role.READER), read)

    assert event["type"] == "annotation.created"


def test_a_quiet_stream_holds_no_connection_but_the_common_listener(source: Source) -> None:
    async def read(stream: Stream) -> int:
        await stream.block()
        waiting = asyncio.ensure_future(stream.block())
        await asyncio.sleep(0.5)
        others = await sync_to_async(other_connections)()
        waiting.cancel()
        await asyncio.wait([waiting])
        return others

    assert watch(source, member(source.desk, Role.READER), read) == 1


def test_a_quiet_stream_shows_that_it_lives(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)

    async def read(stream: Stream) -> list[str | None]:
        return [await stream.block(), await stream.block()]

    assert watch(source, member(source.desk, Role.READER), read) == ["retry: 1000", ": still here"]


def test_a_stream_ends_when_its_reader_leaves_the_desk(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)

    async def read(stream: Stream) -> bool:
        await stream.block()
        await sync_to_async(Membership.objects.filter(role=Role.READER).delete)()
        return await stream.ends()

    assert watch(source, member(source.desk, Role.READER), read)


def test_a_stream_ends_with_its_session(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)

    async def read(stream: Stream) -> bool:
        await stream.block()
        await sync_to_async(Session.objects.all().delete)()
        return await stream.ends()

    assert watch(source, member(source.desk, Role.READER), read)


def test_all_streams_end_when_the_server_stops(source: Source, own_hub: Hub) -> None:
    async def read(stream: Stream) -> bool:
        await stream.block()
        waiting = asyncio.ensure_future(stream.ends())
        await asyncio.sleep(0.1)
        await asyncio.to_thread(own_hub.stop)
        return await waiting

    assert watch(source, member(source.desk, Role.READER), read)


def test_a_person_has_only_so_many_streams(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 1)
    reader = member(source.desk, Role.READER)

    async def read(stream: Stream) -> list[int]:
        await stream.block()
        codes = []
        for person in (reader, await sync_to_async(member)(source.desk, Role.EDITOR)):
            client = AsyncClient()
            await client.aforce_login(person)
            codes.append((await client.get(address(source))).status_code)
        return codes

    assert watch(source, reader, read) == [429, 200]


OTHERS = "datname = current_database() AND pid <> pg_backend_pid()"


def other_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {OTHERS}")
        return cursor.fetchone()[0]


def cut_listener() -> None:
    """Wait until the hub listens, and end its connection."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                f" WHERE {OTHERS} AND application_name = %s AND query LIKE 'LISTEN%%'",
                [NAME],
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody listens")
