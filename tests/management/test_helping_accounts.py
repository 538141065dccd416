"""Commands that do by hand what otherwise needs a mail server."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from annotations.models import AccountEvent, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_operator_vouches_for_an_address() -> None:
    user = User.objects.create_user("a@example.org", "x", name="A", email_confirmed=False)

    run("confirm_address", "A@example.org")

    user.refresh_from_db()
    assert user.email_confirmed
    assert AccountEvent.objects.get(user=user).type == "address.confirmed"


def test_the_operator_gives_an_account_another_address() -> None:
    user = make_user()

    run("confirm_address", user.email, "New@example.org")

    user.refresh_from_db()
    assert (user.email, user.email_confirmed) == ("new@example.org", True)


def test_what_is_wrong_is_said_and_changes_nothing() -> None:
    user, other = make_user(), make_user()
    for new, sentence in ((other.email, "has this address already"), ("no address", "valid")):
        with pytest.raises(CommandError, match=sentence):
            run("confirm_address", user.email, new)
    with pytest.raises(CommandError, match="No account"):
        run("confirm_address", "nobody@example.org")
    with pytest.raises(CommandError, match="No open account"):
        run("password_link", "nobody@example.org")

    user.refresh_from_db()
    assert user.email_confirmed


def test_the_link_sets_a_password_once(client: Client) -> None:
    user = make_user()
    path = urlsplit(run("password_link", user.email).strip()).path
    new = "granite and 7 wools"

    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    again = Client().get(path, follow=True)

    user.refresh_from_db()
    assert user.check_password(new)
    assert 'name="password1"' not in again.text
