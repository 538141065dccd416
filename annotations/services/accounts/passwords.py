"""Passwords: how long links for new ones count, and which ones are easy to guess.

The latter goes beyond those that Django's list has letter by letter.
"""

from __future__ import annotations

import re
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db.models import F

from annotations.models import User

LOOKED_AT = 128  # signs: what comes after them costs time and makes nothing easier to guess
FEWEST_SIGNS = 5  # different ones
LONGEST_EXTRA = 5  # signs before or after a common password that add nothing
SUBSTITUTES = str.maketrans("013457@$!", "oieastasi")
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
OWN_WORDS = {"imprimatur"}
SENTENCE = (
    "This password is easy to guess: it is a common one with a little more, or repeats itself. "
    "Take several words that do not belong together."
)


class PasswordLinks(PasswordResetTokenGenerator):
    """Links for a new password: each ends with its use and with the next one of the account.

    They end for ever when all sessions of the account are ended, which closing it does. Links of a
    closed account count for nothing.
    """

    def make_token(self, user: User) -> str:
        User.objects.filter(pk=user.pk).update(password_links=F("password_links") + 1)
        user.refresh_from_db(fields=["password_links"])
        return super().make_token(user)

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        ended_by = f"{user.sign_outs}/{user.password_links}"
        return f"{super()._make_hash_value(user, timestamp)}/{ended_by}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        return user is not None and user.is_active and super().check_token(user, token)


class GuessablePasswordValidator:
    """Refuses common passwords with another case, digits for letters, or signs around them, what
    repeats itself, and rows of the keyboard.
    """

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002
        if _is_guessable(password[:LOOKED_AT].lower()):
            raise ValidationError(SENTENCE, code="password_too_common")

    def get_help_text(self) -> str:
        return "Your password can’t be a common one with a few characters added, or a repetition."


def _is_guessable(password: str) -> bool:
    signs = re.sub(r"[\W_]", "", password)
    return (
        len(set(password)) < FEWEST_SIGNS
        or _is_dressed_up(password)
        or _is_dressed_up(_unit(signs))
        or _is_row(signs)
    )


def _is_dressed_up(password: str) -> bool:
    """Whether it is a common one between signs that add little, digits read as letters or not."""
    for written in (password, password.translate(SUBSTITUTES)):
        found = re.fullmatch(r"([\W\d_]*)(.*?)([\W\d_]*)", written, re.DOTALL)
        if not (found and _adds_little(found[1]) and _adds_little(found[3])):
            continue
        if {found[2], found[2].translate(SUBSTITUTES)} & _common():
            return True
    return False


def _adds_little(signs: str) -> bool:
    digits = re.sub(r"\D", "", signs)
    return len(signs) <= LONGEST_EXTRA or digits in _common() or _is_row(digits)


def _unit(signs: str) -> str:
    """What the signs repeat; themselves where they repeat nothing."""
    again = (signs + signs).find(signs, 1)
    return signs[:again] if 0 < again < len(signs) else signs


def _is_row(signs: str) -> bool:
    """Whether it goes along the alphabet, the digits or a row of keys, also backwards or on."""
    return len(signs) > 1 and any(signs in way * 3 for row in ROWS for way in (row, row[::-1]))


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords | OWN_WORDS)
