"""A live stream ends with its reader's right to read, and with the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session

from annotations.models import Membership, Role, SiteSettings, Source, User
from annotations.services.accounts.closing import close_account
from annotations.services.presence import be_present
from annotations.web.live import hub as hubs
from annotations.web.live import stream as live
from annotations.web.live.hub import Hub
from tests.factories import make_annotation, member
from tests.web.live.live_stream import PATIENCE, Stream, watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_hub")]


def leave(reader: User) -> None:
    Membership.objects.filter(user=reader).delete()


def sign_out(reader: User) -> None:
    Session.objects.all().delete()


def change_password(reader: User) -> None:
    reader.set_password("another password altogether")
    reader.save()


def owe_a_factor(reader: User) -> None:
    SiteSettings.objects.update_or_create(id=1, defaults={"second_factor_required": True})


def close(reader: User) -> None:
    close_account(user=reader, by=reader)


@pytest.mark.parametrize("end", [leave, sign_out, change_password, owe_a_factor, close])
def test_a_stream_ends_at_once_when_its_reader_may_read_no_more(
    source: Source, end: Callable[[User], None]
) -> None:
    reader = member(source.desk, Role.READER)

    async def read(stream: Stream) -> bool:
        await stream.block()
        await sync_to_async(end)(reader)
        return await stream.ends()

    assert PATIENCE < hubs.CHECK
    assert watch(source, reader, read)


@pytest.mark.parametrize("end", [leave, sign_out, change_password, owe_a_factor, close])
def test_nothing_that_happens_after_it_reaches_a_reader_who_may_read_no_more(
    source: Source, end: Callable[[User], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when the hub is never told of it."""
    monkeypatch.setattr(Hub, "_begin_to_doubt", lambda _: None)
    reader = member(source.desk, Role.READER)

    def both() -> None:
        make_annotation(source, spans=[(0, 1)])
        end(reader)
        make_annotation(source, spans=[(1, 2)], fields={"wikidata": "Q42"})

    async def read(stream: Stream) -> str:
        await stream.block()
        await asyncio.sleep(0.1)
        await sync_to_async(both)()
        text = ""
        while (block := await stream.block()) is not None:
            text += block
        return text

    assert "Q42" not in watch(source, reader, read)


def test_nor_does_it_reach_one_who_looks_up_what_was_missed(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = member(source.desk, Role.READER)
    read_source = live.happened_on_source

    def after_leaving(*arguments: Any) -> list[Any]:
        leave(reader)
        return read_source(*arguments)

    make_annotation(source)
    monkeypatch.setattr(live, "happened_on_source", after_leaving)

    async def read(stream: Stream) -> list[str | None]:
        return [await stream.block(), await stream.block()]

    assert watch(source, reader, read) == ["retry: 1000", None]


def test_who_is_where_reaches_nobody_between_a_removal_and_its_check(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "GATHERING", 0.02)
    reader, editor = member(source.desk, Role.READER), member(source.desk, Role.EDITOR)

    def leave_and_be_seen() -> None:
        leave(reader)
        be_present(source=source, by=editor, start=3, end=4, selected=None)

    async def read(stream: Stream) -> str:
        await stream.block()
        await asyncio.sleep(0.1)
        await sync_to_async(leave_and_be_seen)()
        text = ""
        while (block := await stream.block()) is not None:
            text += block
        return text

    assert str(editor.id) not in watch(source, reader, read)


def test_other_streams_go_on_when_one_reader_leaves(source: Source) -> None:
    other = member(source.desk, Role.EDITOR)

    async def read(stream: Stream) -> dict[str, Any]:
        await stream.block()
        await sync_to_async(leave)(other)
        await asyncio.sleep(0.5)
        await sync_to_async(make_annotation)(source, by=member_of_desk)
        return await stream.event()

    member_of_desk = member(source.desk, Role.MANAGER)
    assert watch(source, member(source.desk, Role.READER), read)


def test_all_streams_end_when_the_server_stops(source: Source, own_hub: Hub) -> None:
    async def read(stream: Stream) -> bool:
        await stream.block()
        waiting = asyncio.ensure_future(stream.ends())
        await asyncio.sleep(0.1)
        await asyncio.to_thread(own_hub.stop)
        return await waiting

    assert watch(source, member(source.desk, Role.READER), read)
