"""Names of people: the same rule wherever they come in."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from annotations.errors import Invalid
from annotations.models import Theme, User
from annotations.services.accounts.addresses import create_account
from annotations.services.accounts.invitations import make_account
from annotations.services.accounts.names import JOINERS, LONGEST_NAME, _seen, clean_name, name_from
from annotations.services.accounts.profile import change_profile
from annotations.services.accounts.set_up import offer_set_up, set_up
from tests.factories import make_user

BIDI_CONTROL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
PASSWORD = "granite and 7 wools"
WRONG = [
    "",
    " \t",
    "\u200d",
    "x" * 121,
    "A\u202eB",
    "A\x07B",
    "A\x00",
    "A\x7f",
    "A\ud800",
    "\ufeffA",
]


def by_set_up(name: str) -> User:
    token = str(offer_set_up()).rpartition("/")[2]
    return set_up(token=token, name=name, email="a@x.example", password=PASSWORD)


def by_profile(name: str) -> User:
    return change_profile(user=make_user(), name=name, language="", time_zone="", theme=Theme.AUTO)


WAYS: dict[str, Callable[[str], User]] = {
    "create_account": lambda name: create_account(email="a@x.example", name=name),
    "make_account": lambda name: make_account(
        name=name, email="a@x.example", password=PASSWORD, is_confirmed=True
    ),
    "set_up": by_set_up,
    "profile": by_profile,
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", WRONG)
def test_a_name_that_cannot_be_seen_comes_in_by_no_way(way: str, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        WAYS[way](name)

    assert list(caught.value.errors) == ["name"]


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_a_name_is_trimmed_by_every_way(way: str) -> None:
    user = WAYS[way]("  Ada\t Łukasz\u00a0O’Neil-李 ")

    user.refresh_from_db()
    assert user.name == "Ada Łukasz O’Neil-李"


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_with_a_name() -> None:
    with pytest.raises(CommandError, match="Give a name"):
        call_command("create_account", "a@x.example", "A\u202eB")

    assert not User.objects.exists()


def test_of_all_characters_those_that_cannot_be_seen_are_refused() -> None:
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    shown = [
        each for each in every if unicodedata.category(each) not in hidden or each in JOINERS + " "
    ]

    assert list(_seen(every)) == shown
    kept = set(shown)
    for character in {*every[:0x3000], *every[::499]}:
        if character in kept or character.isspace():
            assert clean_name(f"A{character}B") in {f"A{character}B", "A B"}
        else:
            with pytest.raises(Invalid):
                clean_name(f"A{character}B")


@pytest.mark.parametrize("name", ["علی‌رضا", "ශ්‍රී", "José", "Jose\u0301", "X", "x" * 120])
def test_names_of_every_script_are_taken(name: str) -> None:
    assert clean_name(name) == name


@given(st.text(st.one_of(st.characters(), st.sampled_from(BIDI_CONTROL)), max_size=300))
def test_a_foreign_name_becomes_one_that_is_taken(written: str) -> None:
    name = name_from(written, "mary")

    assert clean_name(name) == name
    assert len(name) <= LONGEST_NAME
    assert not set(name) & set(BIDI_CONTROL)
