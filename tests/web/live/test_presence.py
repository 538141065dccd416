"""Who reads a source and where: told by their pages, passed on to the streams, soon forgotten."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client
from django.utils import timezone

from annotations.models import Membership, Presence, Role, Source, User
from annotations.queries.live.presence import people_on
from annotations.services.presence import be_present, leave
from annotations.web.live.presence_batch import PresenceBatch
from tests.factories import TEXT, make_user, member
from tests.web.live.live_stream import Stream, watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(source: Source) -> User:
    return member(source.desk, Role.READER)


def tell(source: Source, person: User, **place: object) -> int:
    client = Client()
    client.force_login(person)
    return client.post(f"/desks/{source.desk.slug}/sources/{source.id}/presence", place).status_code


def test_the_newest_place_of_each_person_counts(source: Source, reader: User) -> None:
    selected = uuid4()

    assert tell(source, reader, start=0, end=7) == 204
    assert tell(source, reader, start=8, end=18, selected=str(selected)) == 204

    (person,) = people_on(source.id)
    assert (person.id, person.name) == (reader.id, str(reader))
    assert (person.start, person.end, person.selected) == (8, 18, selected)


def test_who_leaves_is_gone_at_once(source: Source, reader: User) -> None:
    tell(source, reader, start=0, end=7)

    assert tell(source, reader, gone="1") == 204

    assert people_on(source.id) == []


def test_who_is_silent_is_forgotten(source: Source, reader: User) -> None:
    tell(source, reader, start=0, end=7)
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=46))

    assert people_on(source.id) == []
    tell(source, member(source.desk, Role.EDITOR), start=0, end=7)
    assert not Presence.objects.filter(user=reader).exists()


def test_who_left_the_desk_is_not_named(source: Source, reader: User) -> None:
    tell(source, reader, start=0, end=7)
    Membership.objects.filter(user=reader).delete()

    assert people_on(source.id) == []


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"start": "x", "end": "7"},
        {"start": "-1", "end": "7"},
        {"start": "8", "end": "7"},
        {"start": "0", "end": str(len(TEXT) + 1)},
        {"start": "0", "end": "9" * 30},
        {"start": "0", "end": "7", "selected": "nothing"},
    ],
)
def test_a_place_that_cannot_be_is_refused(
    source: Source, reader: User, place: dict[str, str]
) -> None:
    assert tell(source, reader, **place) == 422
    assert people_on(source.id) == []


def test_the_whole_text_is_a_place(source: Source, reader: User) -> None:
    assert tell(source, reader, start=0, end=len(TEXT)) == 204


def test_strangers_are_nowhere(source: Source) -> None:
    assert tell(source, make_user(), start=0, end=7) == 404
    address = f"/desks/{source.desk.slug}/sources/{source.id}/presence"
    assert Client().post(address, {"start": 0, "end": 7}).status_code == 401


def test_a_form_without_its_token_is_refused(source: Source, reader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)

    response = client.post(f"/desks/{source.desk.slug}/sources/{source.id}/presence", {"gone": 1})

    assert response.status_code == 403


def test_presence_is_lost_in_a_crash_and_costs_no_log(source: Source) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'annotations_presence'")
        assert cursor.fetchone() == ("u",)


def test_signs_put_together_say_what_came_last() -> None:
    source = uuid4()
    here = PresenceBatch(source, {"a": {"id": "a", "start": 1}, "b": {"id": "b", "start": 1}})

    here.add(PresenceBatch(source, {"c": {"id": "c", "start": 1}}, {"a"}))
    here.add(PresenceBatch(source, {"a": {"id": "a", "start": 2}}, {"b"}))

    assert here.people == {"c": {"id": "c", "start": 1}, "a": {"id": "a", "start": 2}}
    assert here.gone == {"b"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_hub")
class TestStream:
    def test_it_says_who_comes_moves_and_leaves(self, source: Source, reader: User) -> None:
        async def read(stream: Stream) -> list[dict[str, Any]]:
            await stream.block()
            waiting = asyncio.ensure_future(stream.event())
            await asyncio.sleep(0.5)  # the hub listens by then
            await there(source, reader, 0, 7)
            came = await waiting
            await there(source, reader, 8, 18)
            moved = await stream.event()
            await sync_to_async(leave)(source=source, by=reader)
            return [came, moved, await stream.event()]

        came, moved, left = watch(source, member(source.desk, Role.EDITOR), read)

        assert [(each["start"], each["end"]) for each in came["people"]] == [(0, 7)]
        assert came["people"][0]["name"] == str(reader)
        assert [(each["start"], each["end"]) for each in moved["people"]] == [(8, 18)]
        assert (left["people"], left["gone"]) == ([], [str(reader.id)])

    def test_it_begins_with_those_who_are_there(self, source: Source, reader: User) -> None:
        be_present(source=source, by=reader, start=0, end=7, selected=None)

        said = watch(source, member(source.desk, Role.EDITOR), Stream.event)

        assert said["source"] == str(source.id)
        assert [each["id"] for each in said["people"]] == [str(reader.id)]


async def there(source: Source, person: User, start: int, end: int) -> None:
    await sync_to_async(be_present)(source=source, by=person, start=start, end=end, selected=None)
