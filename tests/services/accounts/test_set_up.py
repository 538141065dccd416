"""The first administrator of a site without accounts."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.utils import timezone

from annotations.errors import Invalid, NotFound
from annotations.models import SetUp, User
from annotations.services.accounts.set_up import check_set_up, offer_set_up, set_up
from tests.factories import PASSWORD, make_user
from tests.models.attacks import execute, refused
from tests.services.tagging.test_at_once import at_once

PERSON = {"name": "Chief", "email": "chief@example.org", "password": PASSWORD}


def offered() -> str:
    link = offer_set_up()
    assert link is not None
    return link.rpartition("/")[2]


@pytest.mark.django_db
def test_the_link_makes_an_administrator_with_a_confirmed_address() -> None:
    user = set_up(token=offered(), **PERSON)

    assert user.is_administrator
    assert not user.is_superuser
    assert EmailAddress.objects.get(user=user).verified


@pytest.mark.django_db
def test_the_link_works_once() -> None:
    token = offered()
    set_up(token=token, **PERSON)

    with pytest.raises(NotFound):
        set_up(token=token, **PERSON | {"email": "second@example.org"})

    assert User.objects.count() == 1
    assert not SetUp.objects.exists()


@pytest.mark.django_db
def test_what_is_wrong_does_not_use_the_link_up() -> None:
    token = offered()

    with pytest.raises(Invalid):
        set_up(token=token, **PERSON | {"password": "short"})

    assert set_up(token=token, **PERSON).is_administrator


@pytest.mark.django_db
def test_a_site_with_an_account_offers_nothing() -> None:
    token = offered()
    make_user()

    assert offer_set_up() is None
    with pytest.raises(NotFound):
        set_up(token=token, **PERSON)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["another", "x" * 43, ""])
def test_a_guess_is_worth_nothing(wrong: str) -> None:
    before = offered() if wrong == "another" else wrong
    offered()

    with pytest.raises(NotFound):
        check_set_up(before)
    with pytest.raises(NotFound):
        set_up(token=before, **PERSON)


@pytest.mark.django_db
def test_the_link_expires() -> None:
    token = offered()
    SetUp.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(NotFound):
        set_up(token=token, **PERSON)


@pytest.mark.django_db
def test_only_a_hash_is_kept_and_only_one() -> None:
    offered()
    token = offered()

    assert token not in SetUp.objects.get().sha256
    with refused("there_is_one_set_up_link"):
        execute("UPDATE annotations_setup SET id = 2")


@pytest.mark.django_db
def test_the_command_prints_a_link_until_there_is_an_account() -> None:
    said = StringIO()
    call_command("set_up", stdout=said)
    make_user()
    call_command("set_up", stdout=said)

    first, second = said.getvalue().splitlines()
    assert "/set-up/" in first
    assert second == "This site is set up: it has an account."


@pytest.mark.django_db(transaction=True)
def test_of_two_with_the_same_link_one_gets_the_site() -> None:
    token = offered()

    results = at_once(
        *[
            lambda number=number: set_up(
                token=token, **PERSON | {"email": f"chief-{number}@example.org"}
            )
            for number in range(4)
        ]
    )

    assert sum(isinstance(each, NotFound) for each in results) == 3
    assert User.objects.filter(is_staff=True).count() == User.objects.count() == 1
