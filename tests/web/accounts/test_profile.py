"""One's profile, and how times and colours follow it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from annotations.models import NewNames, User
from annotations.services.accounts.profile import LANGUAGES
from annotations.web.accounts.profile import time_zones
from tests import factories
from tests.models.attacks import execute, refused

pytestmark = pytest.mark.django_db
FORM = {"name": "New Name", "language": "de", "time_zone": "Europe/Berlin", "theme": "dark"}
AT = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


@pytest.fixture
def user(client: Client) -> User:
    user = factories.make_user("Old Name")
    client.force_login(user)
    return user


def shown(user: object) -> str:
    return Template("{% load pages %}{% when at %}").render(Context({"at": AT, "user": user}))


def test_what_was_chosen_is_kept_and_marks_the_page(client: Client, user: User) -> None:
    answer = client.post(reverse("account_profile"), FORM, follow=True)

    kept = User.objects.get(pk=user.pk)
    assert (kept.name, kept.language, kept.time_zone, kept.theme) == tuple(FORM.values())
    for mark in ('data-theme="dark"', 'data-language="de"', 'data-time-zone="Europe/Berlin"'):
        assert mark in answer.text
    assert NewNames.objects.get().count == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "}, {"name": "x" * 121}, {"language": "xx"}, {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"}, {"theme": "pink"},
    ],
)  # fmt: skip
def test_what_no_list_offers_is_refused(client: Client, user: User, wrong: dict[str, str]) -> None:
    answer = client.post(reverse("account_profile"), FORM | wrong)

    assert answer.status_code == 422
    assert User.objects.get(pk=user.pk).name == "Old Name"


def test_every_zone_and_language_that_is_offered_is_taken(client: Client, user: User) -> None:
    offered = [zone for _, group in time_zones() if isinstance(group, list) for zone, _ in group]

    assert set(offered) <= available_timezones()
    assert len(offered) > 300
    for language in LANGUAGES:
        form = FORM | {"language": language, "time_zone": offered[len(language)]}
        assert client.post(reverse("account_profile"), form).status_code == 302, language
    assert User.objects.get(pk=user.pk).language in LANGUAGES


def test_times_stand_in_the_zone_of_the_profile(user: User) -> None:
    assert "1 Jul 2026, 22:30 UTC" in shown(None)
    assert "1 Jul 2026, 22:30 UTC" in shown(user)
    user.time_zone = "Asia/Baku"
    assert "2 Jul 2026, 02:30 +04" in shown(user)
    assert 'datetime="2026-07-01T22:30:00+00:00"' in shown(user)


@pytest.mark.parametrize("gone", ["Mars/Olympus", "../x", "/etc/localtime", "a\0b"])
def test_a_zone_that_is_no_longer_known_is_utc(user: User, gone: str) -> None:
    user.time_zone = gone

    assert "22:30 UTC" in shown(user)


def test_the_buttons_of_the_footer_write_the_theme(client: Client, user: User) -> None:
    assert client.post(reverse("account_theme"), {"theme": "light"}).status_code == 204
    assert User.objects.get(pk=user.pk).theme == "light"
    assert client.post(reverse("account_theme"), {"theme": "pink"}).status_code == 422
    assert client.get(reverse("account_theme")).status_code == 405


def test_nobody_has_a_profile_who_is_not_signed_in(client: Client) -> None:
    for name in ("account_profile", "account_theme"):
        assert client.post(reverse(name), FORM)["Location"].startswith(reverse("account_login"))


@pytest.mark.usefixtures("user")
def test_the_database_knows_the_themes() -> None:
    with refused("theme_is_known"):
        execute("UPDATE annotations_user SET theme = 'pink'")
