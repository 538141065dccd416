"""How much one client may ask for, how it is told, and that nobody else pays for it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as configured
from pytest_django import Settings
from rest_framework.test import APIClient

from annotations.api.rate_limits import counters as counting
from annotations.api.rate_limits.counters import Count, OwnCounters, SharedCounters, counters
from annotations.models import Desk, Role
from tests import factories
from tests.api.client import anonymous, as_role, published, with_key, with_secret, work
from tests.api.published.test_published import shown

CACHE = configured.CACHE_URL  # the tests' own server
NOW = 1_800_000_017.5  # 17 seconds into a minute


@pytest.fixture(autouse=True)
def limited(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Few requests of each sort, counted in this process, at a time that stands still."""
    settings.API_LIMITS = {"key": 3, "user": 4, "address": 2, "wrong-key": 1}
    settings.CACHE_URL = ""
    monkeypatch.setattr(counting.time, "time", lambda: NOW)
    counters.cache_clear()
    yield
    counters.cache_clear()


def asked(client: APIClient, desk: Desk, times: int, **headers: Any) -> list[int]:
    return [client.get(published(desk, "annotations"), **headers).status_code for _ in range(times)]


@pytest.mark.django_db
def test_each_answer_says_what_is_left(desk: Desk) -> None:
    client = with_key(desk, factories.member(desk, Role.EDITOR))

    answers = [client.get(published(desk, path)) for path in ("annotations", "nothing", "sources")]

    assert [each.headers.get("RateLimit-Policy") for each in answers] == [
        '"key";q=3;w=60', None, '"key";q=3;w=60',
    ]  # fmt: skip
    assert [each.headers.get("RateLimit") for each in answers] == [
        '"key";r=2;t=43', None, '"key";r=1;t=43',
    ]  # fmt: skip
    assert "Retry-After" not in answers[0]


@pytest.mark.django_db
def test_too_many_are_refused_until_the_minute_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(anonymous(), desk, 3) == [200, 200, 429]

    refused = anonymous().get(published(desk, "annotations"))

    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["Retry-After"] == "43"
    assert refused["RateLimit"] == '"address";r=0;t=43'
    assert refused.json() == {
        "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
        "title": "Request cannot be satisfied as assigned quota has been exceeded",
        "status": 429,
        "detail": "More than 2 requests a minute: go on in 43 seconds.",
        "violated-policies": ["address"],
    }
    monkeypatch.setattr(counting.time, "time", lambda: NOW + 43)
    assert asked(anonymous(), desk, 1) == [200]


@pytest.mark.django_db
def test_keys_people_and_addresses_are_counted_apart(desk: Desk) -> None:
    editor = factories.member(desk, Role.EDITOR)
    one, other = with_key(desk, editor), with_key(desk, editor)

    assert asked(anonymous(), desk, 3) == [200, 200, 429]
    assert asked(one, desk, 4) == [200, 200, 200, 429]
    assert asked(other, desk, 1) == [200]
    assert asked(as_role(desk, Role.READER), desk, 5) == [200, 200, 200, 200, 429]
    assert asked(as_role(desk, Role.EDITOR), desk, 1) == [200]


@pytest.mark.django_db
def test_wrong_keys_are_counted_by_address_and_take_nothing_from_good_ones(desk: Desk) -> None:
    good = with_key(desk, factories.member(desk, Role.EDITOR))

    assert asked(with_secret("imp_wrong"), desk, 1) == [401]
    assert asked(with_secret("imp_other"), desk, 1) == [429]
    assert asked(with_secret("imp_other"), desk, 1, REMOTE_ADDR="198.51.100.7") == [401]
    assert asked(good, desk, 1) == [200]


@pytest.mark.django_db
def test_a_session_of_somebody_else_is_no_wrong_key(desk: Desk) -> None:
    client = as_role(desk, Role.EDITOR)

    assert asked(client, desk, 3, headers={"X-User": str(uuid4())}) == [401, 401, 401]


@pytest.mark.django_db
def test_writing_is_counted_before_anything_is_written(desk: Desk) -> None:
    client = with_key(desk, factories.member(desk, Role.EDITOR))

    statuses = [
        client.post(work(desk, "entities"), {"name": f"Baku {n}", "type": "place"}).status_code
        for n in range(4)
    ]

    assert statuses == [201, 201, 201, 429]
    assert desk.entities.count() == 3


@pytest.mark.django_db
def test_the_addresses_of_one_household_are_one_client(desk: Desk) -> None:
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::3", "2001:db8:1:3::1"]

    statuses = [
        anonymous().get(published(desk, "annotations"), REMOTE_ADDR=each).status_code
        for each in addresses
    ]

    assert statuses == [200, 200, 429, 200]


@pytest.mark.django_db
def test_a_limit_that_is_not_set_is_none(desk: Desk, settings: Settings) -> None:
    settings.API_LIMITS = {}

    answers = [anonymous().get(published(desk, "annotations")) for _ in range(5)]

    assert {each.status_code for each in answers} == {200}
    assert not {"RateLimit", "RateLimit-Policy"} & set(answers[0].headers)


@pytest.mark.django_db
def test_what_is_known_already_says_what_is_left_too(desk: Desk) -> None:
    source = factories.make_source(desk)
    address = published(desk, f"annotations/{shown(source).id}")
    etag = anonymous().get(address)["ETag"]

    known = anonymous().get(address, headers={"If-None-Match": etag})

    assert (known.status_code, known["RateLimit"]) == (304, '"address";r=0;t=43')


@pytest.mark.django_db
def test_without_its_cache_the_api_goes_on_and_says_so_once(
    desk: Desk, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CACHE_URL = "unix:///nowhere/valkey.sock?db=1"
    counters.cache_clear()

    assert asked(anonymous(), desk, 5) == [200] * 5
    assert [each.message for each in caplog.records] == [
        "requests are not counted, the cache is away"
    ]


def test_a_cache_that_comes_back_counts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    away = SharedCounters(CACHE)
    away.away_until = 100.0
    monkeypatch.setattr(counting.time, "monotonic", lambda: 99.0)
    assert away.count("x", 60) is None

    monkeypatch.setattr(counting.time, "monotonic", lambda: 101.0)

    assert away.count(str(uuid4()), 60) == Count(1, 43)


def test_processes_that_share_a_cache_count_as_one() -> None:
    name, processes = str(uuid4()), [SharedCounters(CACHE), SharedCounters(CACHE)]

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda n: processes[n % 2].count(name, 60), range(40)))

    assert sorted(each.times for each in counts if each) == list(range(1, 41))


def test_a_count_takes_one_round_trip_and_does_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    shared, name = SharedCounters(CACHE), str(uuid4())
    shared.count(name, 60)
    sent: list[bytes] = []
    link = shared.server.connection_pool.get_connection()
    monkeypatch.setattr(link, "send_packed_command", _noting(link.send_packed_command, sent))
    shared.server.connection_pool.release(link)

    shared.count(name, 60)

    assert len(sent) == 1
    [key] = shared.server.keys(f"*{name}*")
    assert 0 < shared.server.ttl(key) <= 120


def _noting(send: Any, sent: list[bytes]) -> Any:
    def noted(command: Any, *arguments: Any, **named: Any) -> Any:
        sent.append(command)
        return send(command, *arguments, **named)

    return noted


def test_what_a_process_counts_by_itself_is_forgotten_with_the_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = OwnCounters()
    own.count("a", 60)
    own.count("a", 60)

    monkeypatch.setattr(counting.time, "time", lambda: NOW + 60)

    assert own.count("b", 60) == Count(1, 43)
    assert own.times == {("b", 60): 1}
