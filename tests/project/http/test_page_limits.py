"""How many pages one client may ask for, and that nobody else pays for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from annotations.api.rate_limits.counters import counters
from annotations.models import Desk, Role
from tests import factories
from tests.api.client import published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limited(settings: Settings) -> Iterator[None]:
    settings.API_LIMITS = {"user": 4, "address": 2}
    settings.CACHE_URL = ""
    counters.cache_clear()
    yield
    counters.cache_clear()


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk(is_public=True)


def asked(client: Client, path: str, times: int, address: str = "198.51.100.1") -> list[int]:
    return [client.get(path, REMOTE_ADDR=address).status_code for _ in range(times)]


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/no/such/page", "/api/guide/"])
def test_every_page_is_counted_by_address(path: str) -> None:
    statuses = asked(Client(), path, 4)

    assert 429 not in statuses[:2]
    assert statuses[2:] == [429, 429]
    assert 429 not in asked(Client(), path, 1, "198.51.100.2")


def test_a_reading_room_is_counted_by_address_and_costs_nothing_more(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    path, member = reverse("read", args=[desk.slug]), Client()
    member.force_login(factories.member(desk, Role.EDITOR))

    assert asked(member, path, 2) == [200, 200]
    with django_assert_num_queries(0):
        refused = member.get(path, REMOTE_ADDR="198.51.100.1")

    assert refused.status_code == 429
    assert refused["RateLimit-Policy"] == '"address";q=2;w=60'
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "no-store" in refused["Cache-Control"]
    assert "go on in" in refused.text


def test_people_who_are_signed_in_are_counted_apart_from_their_address(desk: Desk) -> None:
    one, other = Client(), Client()
    one.force_login(factories.member(desk, Role.EDITOR))
    other.force_login(factories.member(desk, Role.MANAGER))
    path = reverse("desk", args=[desk.slug])

    assert asked(Client(), "/", 3) == [200, 200, 429]
    assert asked(one, path, 5) == [200, 200, 200, 200, 429]
    assert asked(other, path, 1) == [200]


def test_a_cookie_that_is_made_up_is_a_strangers() -> None:
    client = Client()
    statuses = []
    for number in range(4):
        client.cookies["sessionid"] = f"made-up-{number}"
        statuses += asked(client, "/", 1)

    assert statuses == [200, 200, 429, 429]


def test_pages_take_nothing_from_the_api(desk: Desk) -> None:
    api = published(desk, "annotations")

    assert asked(Client(), "/", 3) == [200, 200, 429]
    assert asked(Client(), api, 3) == [200, 200, 429]


def test_what_watches_the_site_is_not_counted() -> None:
    assert asked(Client(), "/livez", 5) == [200] * 5
    assert 429 not in asked(Client(), "/readyz", 5)
