"""Passwords are not tried without end, and nobody locks the owner out."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from annotations.models import AccountEvent, User
from annotations.services.accounts.log import record_account_event
from project.embedded.layout import CHECKOUT
from tests import factories

ATTACKER = "198.51.100.7"


def attempt(
    user: User, typed: str = "wrong", *, client: Client | None = None, address: str = ATTACKER
) -> bool:
    """Whether the password lets the client in."""
    client = client or Client()
    sent = {"login": user.email, "password": typed}
    answer = client.post(reverse("account_login"), sent, REMOTE_ADDR=address)
    assert answer.status_code in (200, 302)
    return answer.status_code == 302


def right(user: User, **how: object) -> bool:
    return attempt(user, factories.PASSWORD, **how)  # type: ignore[arg-type]


def checked(user: User) -> int:
    """How many wrong passwords were compared with the right one."""
    return AccountEvent.objects.filter(user=user, type="session.refused").count()


@pytest.mark.django_db
def test_one_address_tries_a_password_five_times() -> None:
    user = factories.make_user()

    for _ in range(20):
        attempt(user)

    assert checked(user) == 5
    assert not right(user, address=ATTACKER)


@pytest.mark.django_db
def test_the_owner_comes_in_from_elsewhere() -> None:
    user = factories.make_user()
    for _ in range(20):
        attempt(user)

    assert right(user, address="192.0.2.1")


@pytest.mark.django_db
def test_a_known_device_comes_in_however_many_try_from_everywhere() -> None:
    user = factories.make_user()
    known = Client()
    assert right(user, client=known, address="192.0.2.1")
    known.post(reverse("account_logout"))

    for number in range(60):
        attempt(user, address=f"203.0.{number}.{number}")

    assert checked(user) == 50
    assert not right(user, address="192.0.2.99")
    assert right(user, client=known, address="192.0.2.1")
    known.post(reverse("account_logout"))
    assert right(user, client=known, address="203.0.1.1")


@pytest.mark.django_db
def test_a_known_device_comes_in_from_the_address_of_the_attacker() -> None:
    user = factories.make_user()
    known = Client()
    assert right(user, client=known)
    known.post(reverse("account_logout"))
    for _ in range(30):
        attempt(factories.make_user())

    assert right(user, client=known)


@pytest.mark.django_db
def test_one_address_does_not_try_many_accounts() -> None:
    users = [factories.make_user() for _ in range(30)]

    for user in users:
        attempt(user)

    assert sum(checked(user) for user in users) == 10


@pytest.mark.django_db
def test_a_network_of_ipv6_counts_as_one_address() -> None:
    user = factories.make_user()

    for number in range(20):
        attempt(user, address=f"2001:db8::{number:x}")

    assert checked(user) == 5


@pytest.mark.django_db
def test_a_known_device_is_slowed_down_too() -> None:
    user = factories.make_user()
    known = Client()
    right(user, client=known)
    known.post(reverse("account_logout"))

    for _ in range(20):
        attempt(user, client=known)

    assert checked(user) == 10


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "e30:1tabcd:xyz", "\x00"])
def test_a_made_up_cookie_makes_no_device_known(cookie: str) -> None:
    user = factories.make_user()
    client = Client()

    for _ in range(20):
        client.cookies["device"] = cookie
        attempt(user, client=client)

    assert checked(user) == 5


@pytest.mark.django_db
def test_the_cookie_of_one_person_is_no_other_persons() -> None:
    user, attacker = factories.make_user(), factories.make_user()
    client = Client()
    right(attacker, client=client)
    client.post(reverse("account_logout"))

    for _ in range(20):
        attempt(user, client=client)

    assert checked(user) == 5


@pytest.mark.django_db
def test_a_shared_device_is_known_for_everybody_who_uses_it() -> None:
    users = [factories.make_user() for _ in range(3)]
    client = Client()
    for user in users:
        assert right(user, client=client, address="192.0.2.1")
        client.post(reverse("account_logout"))
    for user in users:
        for _ in range(6):
            attempt(user)

    for user in users:
        assert right(user, client=client)
        client.post(reverse("account_logout"))


@pytest.mark.django_db
def test_writing_the_address_otherwise_gives_no_more_tries() -> None:
    user = factories.make_user()

    for number in range(20):
        written = (user.email, user.email.upper(), f" {user.email} ")[number % 3]
        Client().post(
            reverse("account_login"), {"login": written, "password": "x"}, REMOTE_ADDR=ATTACKER
        )

    assert checked(user) == 5


@pytest.mark.django_db
def test_an_address_without_account_is_refused_just_the_same() -> None:
    user, unknown = factories.make_user(), User(email="nobody@example.org")

    def refused(person: User, address: str) -> list[bool]:
        sent = {"login": person.email, "password": "wrong"}
        pages = [
            Client().post(reverse("account_login"), sent, REMOTE_ADDR=address) for _ in range(8)
        ]
        return ["Too many failed" in page.text for page in pages]

    assert refused(user, "192.0.2.1") == refused(unknown, "192.0.2.2")


@pytest.mark.django_db
def test_while_signed_in_the_password_is_tried_ten_times() -> None:
    user = factories.make_user()
    client = Client()
    right(user, client=client)

    for _ in range(20):
        client.post(reverse("account_reauthenticate"), {"password": "wrong"})

    tried = AccountEvent.objects.filter(user=user, type="reauthentication.failed").count()
    assert tried == 10


@pytest.mark.django_db
def test_the_log_is_not_flooded() -> None:
    user = factories.make_user()
    record_account_event(type="session.started", user=user)  # type: ignore[arg-type]

    for _ in range(100):
        attempt(user)

    assert AccountEvent.objects.filter(user=user).count() == 6


TRIES = """
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
for _ in range(15):
    Client().post("/accounts/login/", {"login": "mary@example.org", "password": "wrong"})
"""


@pytest.mark.django_db(transaction=True)
def test_processes_count_together() -> None:
    user = factories.make_user(email="mary@example.org")
    place = connection.settings_dict
    address = f"{quote(place['HOST'], safe='')}:{place['PORT'] or 5432}"
    credentials = ":".join(quote(each) for each in (place["USER"], place["PASSWORD"]) if each)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "DATABASE_URL": f"postgresql://{credentials}@{address}/{place['NAME']}",
    }

    running = [
        subprocess.Popen([sys.executable, "-c", TRIES], env=environment, cwd=CHECKOUT)
        for _ in range(3)
    ]
    assert [each.wait(timeout=60) for each in running] == [0, 0, 0]

    assert 0 < checked(user) <= 5


@pytest.mark.django_db
def test_sign_in_works_with_limits_while_the_server_is_away(settings: Settings) -> None:
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/valkey.sock?db=1"}
    }
    caches["default"].clear()
    user = factories.make_user()

    assert right(user, address="192.0.2.1")
    for _ in range(20):
        attempt(user)
    assert checked(user) == 5
