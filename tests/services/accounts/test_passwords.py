"""Which passwords are refused, wherever they are set."""

from __future__ import annotations

import secrets

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from annotations.models import User


@pytest.mark.parametrize(
    "password",
    [
        "12345678", "8472910364", "73920184756301", "password", "Password", "PASSWORD123",
        "Password1!", "P@ssw0rd", "P@ssw0rd2024!", "pa55word", "qwertyuiop", "Qwertz123!",
        "abcdefghij", "zyxwvutsrq", "aaaaaaaaaa", "abababababab", "passwordpassword",
        "password password", "Password-Password", "1q2w3e4r5t", "iloveyou!!", "!!letmein!!",
        "football2026", "monkey123456789", "Imprimatur1!", "imprimatur2026", "asdfghjkl;",
        "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "short", "",
        "mary.smith", "Mary Smith 1",
    ],
)  # fmt: skip
def test_what_others_guess_first_is_refused(password: str) -> None:
    user = User(email="mary.smith@example.org", name="Mary Smith")

    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize(
    "password",
    [
        "wool and granite 7", "granite and 7 wools", "a quite new password", "a long password",
        "correct horse battery staple", "k9$fQ2!xLp", "Bärenkäse am Montag", "пароль-и-слон-9",
        "monkeys dislike marmalade",
    ],
)  # fmt: skip
def test_several_words_are_taken(password: str) -> None:
    validate_password(password, User(email="mary@example.org", name="Mary"))


def test_random_ones_are_taken() -> None:
    for _ in range(500):
        validate_password(secrets.token_urlsafe(12))
