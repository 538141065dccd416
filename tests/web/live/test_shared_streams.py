"""One live stream for all pages of a browser."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from annotations.models import Event, Membership, Role, Source, User
from tests.factories import make_annotation, make_desk, make_source, make_user, member
from tests.web.live.live_stream import Stream, status, watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_hub")]


def shared(*on: str, person: User | None = None) -> str:
    """The address of a stream for these."""
    whose = f"as={person.pk}&" if person else ""
    return f"/live?{whose}" + "&".join(f"on={each}" for each in on)


def test_one_stream_tells_of_several_sources_each_from_its_own_cursor(source: Source) -> None:
    reader = member(source.desk, Role.READER)
    other = make_source(make_desk())
    add_to(other, reader)
    old, new = [make_annotation(source, spans=[(n, n + 1)]) for n in range(2)]
    elsewhere = make_annotation(other)
    seen = Event.objects.get(annotation=old).seq
    url = shared(f"{source.id}:{seen}", f"{other.id}:0", person=reader)

    async def read(stream: Stream) -> list[dict[str, Any]]:
        first = [await stream.event(), await stream.event()]
        await sync_to_async(make_annotation)(other, spans=[(3, 4)])
        await sync_to_async(make_annotation)(source, spans=[(3, 4)])
        return [*first, await stream.event(), await stream.event()]

    events = watch(source, reader, read, url=url)

    assert {each["annotation"]["id"] for each in events[:2]} == {str(new.id), str(elsewhere.id)}
    assert {each["source"] for each in events[2:]} == {str(source.id), str(other.id)}
    assert len({(each["source"], each["seq"]) for each in events}) == 4


def test_a_shared_stream_names_the_sources_that_are_not_to_be_read(source: Source) -> None:
    elsewhere = make_source(make_desk())
    url = shared(f"{elsewhere.id}:0", f"{source.id}:0")

    async def read(stream: Stream) -> dict[str, Any]:
        return await stream.event()

    assert watch(source, member(source.desk, Role.READER), read, url=url) == {
        "source": str(elsewhere.id)
    }


def test_a_shared_stream_is_for_whom_the_page_belongs_to(source: Source) -> None:
    reader = member(source.desk, Role.READER)
    on = f"{source.id}:0"

    assert status(shared(on)) == 401
    assert status(shared(on, person=make_user()), reader) == 403
    assert status(shared(on), make_user()) == 404
    assert status(shared(on, person=reader), reader) == 200


@pytest.mark.parametrize(
    "on", [[], ["x:0"], [f"{uuid4()}"], [f"{uuid4()}:x"], [f"{uuid4()}:0" for _ in range(21)]]
)
def test_what_a_shared_stream_cannot_be_on_is_refused(source: Source, on: list[str]) -> None:
    assert status(shared(*on), member(source.desk, Role.READER)) == 400


def add_to(source: Source, person: User) -> None:
    Membership.objects.create(desk=source.desk, user=person, role=Role.READER)
