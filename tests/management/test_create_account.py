"""The command that makes accounts."""

from __future__ import annotations

import io

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from annotations.models import AccountEvent, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def say(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))


def test_the_person_can_sign_in_and_has_no_special_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    say(monkeypatch, "wool and granite 7")

    call_command("create_account", "anna@Example.org", "Anna")

    user = User.objects.get(email="anna@example.org")
    assert user.check_password("wool and granite 7")
    assert user.name == "Anna"
    assert not user.is_superuser
    assert user.email_confirmed
    assert EmailAddress.objects.get(user=user, verified=True, primary=True).email == user.email
    assert AccountEvent.objects.get(user=user).label == "Account made"


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("anna@example.org", "short", "too short"),
        ("anna@example.org", "", "too short"),
        ("not an address", "wool and granite 7", "valid email"),
    ],
)
def test_bad_input_is_named_and_makes_no_account(
    monkeypatch: pytest.MonkeyPatch, email: str, password: str, sentence: str
) -> None:
    say(monkeypatch, password)

    with pytest.raises(CommandError, match=sentence):
        call_command("create_account", email, "Anna")

    assert not User.objects.exists()


def test_an_address_has_one_account_however_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    existing = make_user("Anna")
    say(monkeypatch, "wool and granite 7")

    with pytest.raises(CommandError, match="has an account already"):
        call_command("create_account", existing.email.upper(), "Anna")

    assert User.objects.get() == existing
