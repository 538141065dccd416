"""How many streams a person has, counted for all processes alike."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from django.conf import settings as configured

from annotations.services.open_streams import LIVES, OpenStreams

CACHE = configured.CACHE_URL  # the tests' own server


def test_processes_that_share_a_cache_count_together() -> None:
    one, other, user = OpenStreams(CACHE), OpenStreams(CACHE), uuid4()
    streams = [uuid4() for _ in range(4)]

    counts = [
        one.begin(user, streams[0]), other.begin(user, streams[1]), one.begin(user, streams[2]),
        other.begin(uuid4(), streams[3]),
    ]  # fmt: skip

    assert counts == [1, 2, 3, 1]


def test_one_that_ended_counts_no_more() -> None:
    streams, user = OpenStreams(CACHE), uuid4()
    first = uuid4()
    streams.begin(user, first)

    OpenStreams(CACHE).end(user, first)

    assert streams.begin(user, uuid4()) == 1


def test_one_whose_process_died_is_forgotten_unless_it_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    streams, user, now = OpenStreams(CACHE), uuid4(), time.time()
    dead, living = uuid4(), uuid4()
    monkeypatch.setattr("annotations.services.open_streams.time.time", lambda: now)
    streams.begin(user, dead)
    streams.begin(user, living)
    monkeypatch.setattr("annotations.services.open_streams.time.time", lambda: now + LIVES - 1)
    streams.keep(user, living)

    monkeypatch.setattr("annotations.services.open_streams.time.time", lambda: now + LIVES + 1)

    assert streams.begin(user, uuid4()) == 2
    [key] = streams.server.keys(f"*{user}*")
    assert 0 < streams.server.ttl(key) <= LIVES


def test_without_its_cache_nothing_is_known_of_the_others() -> None:
    streams = OpenStreams("unix:///nowhere/valkey.sock?db=1")

    assert streams.begin(uuid4(), uuid4()) is None
    began = time.monotonic()
    for _ in range(100):
        streams.keep(uuid4(), uuid4())
    assert time.monotonic() - began < 1
