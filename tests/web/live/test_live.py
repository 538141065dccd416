"""The live stream: every event once, in order, to members of the desk."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.db import connection
from django.test import AsyncClient, Client

from annotations.models import Event, Role, Source
from annotations.services.open_streams import OpenStreams
from annotations.services.tagging.annotations import delete_annotation
from annotations.web.live import hub as hubs
from annotations.web.live import mailbox
from annotations.web.live import stream as live
from annotations.web.live.pg_listener import NAME
from project.asgi import application
from tests.factories import make_annotation, make_comment, make_desk, make_source, make_user, member
from tests.web.live.live_stream import PATIENCE, Stream, address, status, watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_hub")]


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


def test_open_streams_hold_no_threads(source: Source) -> None:
    client = Client()
    client.force_login(member(source.desk, Role.READER))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    async def run() -> int:
        before = request_threads()
        streams = [asgi_stream(source, cookie) for _ in range(5)]
        for each in streams:
            await each.send_input({"type": "http.request"})
            assert (await each.receive_output(PATIENCE))["status"] == 200
            await each.receive_output(PATIENCE)
        opened = request_threads()
        for each in streams:
            await each.send_input({"type": "http.disconnect"})
            await each.wait(PATIENCE)
        return opened - before

    connection.close()

    assert asyncio.run(run()) < 5  # those that all have used in turn


def asgi_stream(source: Source, cookie: str) -> ApplicationCommunicator:
    """A stream as uvicorn asks for it."""
    return ApplicationCommunicator(
        application,
        {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": address(source),
            "query_string": b"",
            "headers": [(b"host", b"testserver"), (b"cookie", cookie.encode())],
        },
    )


def request_threads() -> int:
    """How many threads there are but the few that all streams share."""
    return sum(not thread.name.startswith("live") for thread in threading.enumerate())


def test_a_quiet_stream_shows_that_it_lives(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)

    async def read(stream: Stream) -> list[str | None]:
        return [await stream.block(), await stream.block()]

    assert watch(source, member(source.desk, Role.READER), read) == ["retry: 1000", ": still here"]


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


def test_streams_of_other_processes_count_too(source: Source) -> None:
    reader, elsewhere = member(source.desk, Role.READER), OpenStreams(settings.CACHE_URL)
    others = [uuid4() for _ in range(live.MOST_STREAMS)]
    for each in others:
        elsewhere.begin(reader.pk, each)

    async def codes(_stream: Stream) -> list[int]:
        client = AsyncClient()
        await client.aforce_login(reader)
        first = await client.get(address(source))
        await asyncio.to_thread(elsewhere.end, reader.pk, others[0])
        return [first.status_code, (await client.get(address(source))).status_code]

    assert watch(source, member(source.desk, Role.EDITOR), codes) == [429, 200]


def test_what_is_said_about_an_annotation_comes_as_a_comment(source: Source) -> None:
    annotation = make_annotation(source)
    made = Event.objects.get(annotation=annotation)
    comment = make_comment(annotation, body="Is this the right place?")

    event = watch(source, member(source.desk, Role.READER), Stream.event, after=made.seq)

    assert (event["type"], event["source"]) == ("comment.created", str(source.id))
    assert event["annotation"] == str(annotation.id)
    assert event["comment"]["id"] == str(comment.id)
    assert event["comment"]["body"] == "Is this the right place?"
    assert event["comments"] == {"open": 1, "total": 1}


def test_many_streams_cost_one_reading_of_an_event(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = []
    read_ledger = hubs.happened_on_desk

    def counted(*arguments: Any) -> list[Any]:
        found = read_ledger(*arguments)
        readings.extend(found)
        return found

    monkeypatch.setattr(hubs, "happened_on_desk", counted)
    monkeypatch.setattr(live, "MOST_STREAMS", 10)

    async def read(first: Stream) -> list[str]:
        await first.block()
        streams = [first, *[await opened(source) for _ in range(4)]]
        waiting = [asyncio.ensure_future(stream.event()) for stream in streams]
        await asyncio.sleep(0.5)  # all have looked up what was before, which is nothing
        await sync_to_async(make_annotation)(source)
        events = await asyncio.gather(*waiting)
        for stream in streams[1:]:
            await stream.content.aclose()  # type: ignore[attr-defined]
        return [event["annotation"]["id"] for event in events]

    ids = watch(source, member(source.desk, Role.READER), read)

    assert len(set(ids)) == 1
    assert [each.type for each in readings].count("annotation.created") == 1


def test_streams_that_open_while_others_write_skip_nothing_and_double_nothing(
    source: Source,
) -> None:
    count = 30

    async def read(first: Stream) -> list[list[int]]:
        await first.block()
        writing = asyncio.ensure_future(asyncio.to_thread(write_many, source, count))
        streams = [first]
        while not writing.done() and len(streams) < 8:
            streams.append(await opened(source))
            await asyncio.sleep(0.02)
        seen = await asyncio.gather(*[numbers(stream, count) for stream in streams])
        await writing
        for stream in streams[1:]:
            await stream.content.aclose()  # type: ignore[attr-defined]
        return seen

    seen = watch(source, member(source.desk, Role.READER), read)

    made = list(Event.objects.filter(source=source, annotation__isnull=False).order_by("seq"))
    assert len(seen) > 2
    assert all(each == [event.seq for event in made] for each in seen)


def test_a_reader_too_slow_for_its_mailbox_gets_everything_all_the_same(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "ROOM", 2)

    async def read(stream: Stream) -> list[int]:
        await stream.block()
        waiting = asyncio.ensure_future(stream.event())
        await asyncio.sleep(0.3)
        await sync_to_async(write_many)(source, 1)
        first = (await waiting)["seq"]
        await sync_to_async(write_many)(source, 7)
        await asyncio.sleep(0.3)  # the hub has put them in by now, and nobody took them
        return [first, *await numbers(stream, 7)]

    seen = watch(source, member(source.desk, Role.READER), read)

    assert seen == list(range(seen[0], seen[0] + 8))


def write_many(source: Source, count: int) -> None:
    try:
        for end in range(1, count + 1):
            make_annotation(source, spans=[(0, end)])
    finally:
        connection.close()


async def opened(source: Source) -> Stream:
    """One more stream, as the desk's editor gets it."""
    client = AsyncClient()
    await client.aforce_login(await sync_to_async(member)(source.desk, Role.EDITOR))
    response = await client.get(f"{address(source)}?after=0")
    assert response.status_code == 200, response.content
    stream = Stream(aiter(response.streaming_content))
    await stream.block()
    return stream


async def numbers(stream: Stream, count: int) -> list[int]:
    return [(await stream.event())["seq"] for _ in range(count)]


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
