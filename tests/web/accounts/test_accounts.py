"""Signing in and out, and the pages around it."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from annotations.models import AccountEvent, User
from annotations.services.accounts.mailing import CONSOLE
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_right_password_signs_in_and_leads_on(client: Client) -> None:
    user = factories.make_user()
    sent = {"login": user.email, "password": factories.PASSWORD}

    response = client.post(
        f"{reverse('account_login')}?next=/desks/x/", {**sent, "next": "/desks/x/"}
    )

    assert response["Location"] == "/desks/x/"


def test_a_wrong_password_says_so_and_keeps_the_address(client: Client) -> None:
    user = factories.make_user()

    response = client.post(reverse("account_login"), {"login": user.email, "password": "wrong"})

    assert "not correct" in response.text
    assert f'value="{user.email}"' in response.text


def test_nobody_makes_an_account_on_their_own(client: Client) -> None:
    sent = {
        "email": "me@example.org",
        "password1": "a long password",
        "password2": "a long password",
    }

    shown = client.get(reverse("account_signup"))
    client.post(reverse("account_signup"), sent)

    assert "Accounts are by invitation" in shown.text
    assert not User.objects.exists()


def test_a_forgotten_password_is_set_anew_by_mail(client: Client) -> None:
    user = factories.make_user()

    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"https?://\S+", mail.outbox[0].body)
    assert link is not None
    form = client.get(link[0].split("testserver", 1)[1], follow=True)
    new = {"password1": "a quite new password", "password2": "a quite new password"}
    done = client.post(form.request["PATH_INFO"], new, follow=True)

    user.refresh_from_db()
    assert done.status_code == 200
    assert user.check_password("a quite new password")


def test_without_a_mail_server_the_page_says_who_helps(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = CONSOLE
    user = factories.make_user()

    shown = client.get(reverse("account_reset_password"))
    posted = client.post(reverse("account_reset_password"), {"email": user.email})

    for page in (shown, posted):
        assert "has no mail server" in page.text
        assert "Ask a site administrator" in page.text
    assert not AccountEvent.objects.filter(user=user).exists()


def test_a_mail_server_that_is_away_breaks_no_page(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    user = factories.make_user()
    client.force_login(user)
    new = "granite and 7 wools"

    asked = client.post(reverse("account_reset_password"), {"email": user.email})
    changed = client.post(
        reverse("account_change_password"),
        {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
    )

    user.refresh_from_db()
    assert asked.status_code == 409
    assert "mail server does not answer" in asked.text
    assert changed.status_code == 302
    assert user.check_password(new)


@pytest.mark.parametrize("name", ["account_change_password", "account_logout", "account_email"])
def test_pages_of_ones_own_account_have_the_common_look(client: Client, name: str) -> None:
    client.force_login(factories.make_user())

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert 'class="masthead"' in response.text


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"],
)
def test_pages_before_signing_in_have_the_common_look(client: Client, name: str) -> None:
    response = client.get(reverse(name))

    assert 'class="masthead"' in response.text


def test_no_page_has_inline_styles_or_handlers(client: Client) -> None:
    for name in ("home", "account_login"):
        assert not re.search(r'\s(style|on\w+)="', client.get(reverse(name)).text)
