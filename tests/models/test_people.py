"""People whom rows name, by SQL past every service."""

from __future__ import annotations

import pytest
from django.db import connection

from annotations.models import Role
from tests.factories import make_desk, member
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
