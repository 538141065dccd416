"""People whom rows name, by SQL past every service."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from annotations.models import Role, User
from tests.factories import make_desk, make_user, member
from tests.models.attacks import a_draft, execute, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("table", "column"),
    [("annotation", "created_by_id"), ("version", "author_id"), ("event", "actor_id")],
)
def test_nobody_is_named_who_is_not_there(table: str, column: str) -> None:
    a_draft()
    name = f"annotations_{table}"
    with connection.cursor() as cursor:
        columns = [
            each.name for each in connection.introspection.get_table_description(cursor, name)
        ]
    id = (
        "gen_random_uuid()"
        if table == "annotation"
        else "nextval(pg_get_serial_sequence(%s, 'id'))"
    )
    new = {"id": id, column: "gen_random_uuid()", "head_id": "NULL", "number": "number + 1"}
    values = ", ".join(new.get(each, f'"{each}"') for each in columns)

    with refused("person_is_there"):
        execute(
            f"INSERT INTO {name} ({', '.join(columns)}) SELECT {values} FROM {name} LIMIT 1",
            *([name] if "%s" in id else []),
        )


def test_who_did_something_is_kept() -> None:
    person = a_draft().created_by

    with refused("person_is_kept"):
        execute("DELETE FROM annotations_user WHERE id = %s", person.id)
    with refused("person_is_kept"):
        execute("UPDATE annotations_user SET id = gen_random_uuid() WHERE id = %s", person.id)


def test_two_users_cannot_share_an_address_in_other_letters() -> None:
    user = member(make_desk(), Role.EDITOR)

    with refused("one_user_per_email"):
        type(user).objects.create_user(user.email.upper(), "x", name="Same")


def rows_of(user: User) -> list[tuple[str, bool, bool]]:
    return list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary"))


def test_the_table_of_addresses_follows_the_account() -> None:
    user = make_user(email="Mary@example.org")
    assert rows_of(user) == [("mary@example.org", True, True)]

    execute("UPDATE annotations_user SET email = 'Other@example.org' WHERE id = %s", user.id)
    assert rows_of(user) == [("other@example.org", False, True)]

    execute("UPDATE annotations_user SET email_confirmed = true WHERE id = %s", user.id)
    assert rows_of(user) == [("other@example.org", True, True)]


def test_another_address_is_not_confirmed_with_the_same_statement() -> None:
    user = make_user()

    execute(
        "UPDATE annotations_user SET email = 'x@example.org', email_confirmed = true WHERE id = %s",
        user.id,
    )

    user.refresh_from_db()
    assert (user.email, user.email_confirmed) == ("x@example.org", False)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE account_emailaddress SET email = 'x@example.org'",
        "UPDATE account_emailaddress SET verified = NOT verified",
        'INSERT INTO account_emailaddress (user_id, email, verified, "primary")'
        " SELECT id, 'x@example.org', true, false FROM annotations_user",
        'INSERT INTO account_emailaddress (user_id, email, verified, "primary")'
        " SELECT id, 'x@example.org', false, true FROM annotations_user",
    ],
)
def test_no_other_address_counts(attack: str) -> None:
    make_user()

    with refused("address_is_that_of_the_account"):
        execute(attack)


@pytest.mark.parametrize(
    "attack",
    ["DELETE FROM account_emailaddress", 'UPDATE account_emailaddress SET "primary" = false,'
     " verified = false"],
)  # fmt: skip
def test_the_address_of_an_account_stays_in_the_table(attack: str) -> None:
    make_user()

    with refused("address_of_an_account_is_kept"):
        execute(attack)


def test_an_account_without_history_goes_with_its_address() -> None:
    user = make_user()

    user.delete()
    execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert not EmailAddress.objects.exists()
