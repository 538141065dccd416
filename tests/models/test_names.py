"""What is no name is refused by the database, as by the services."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.errors import Invalid
from annotations.models import Desk, User
from annotations.services.accounts.names import clean_name
from annotations.services.desks import create_desk
from annotations.text.lines import as_line
from tests import factories
from tests.models.attacks import execute, refused

pytestmark = pytest.mark.django_db
NO_LINES = [
    "",
    " ",
    " a",
    "a\u3000",
    "a\tb",
    "a\nb",
    "a\x7fb",
    "a\u0085b",
    "a\u2028b",
    "\u200d",
    "\ufeffa",
]
ROWS = {
    "annotations_user.name": ("person_has_a_name", ["a\u202eb", "a\u200fb", "a  b", *NO_LINES]),
    "annotations_desk.name": ("desk_has_a_name", NO_LINES),
    "annotations_apikey.name": ("key_has_a_name", NO_LINES),
    "annotations_entity.name": ("record_has_a_name", NO_LINES),
    "annotations_source.title": ("title_is_trimmed", [" a", "a\n", "\ufeff", "\u3000"]),
}


def statement(column: str) -> str:
    table, _, name = column.partition(".")
    return f"UPDATE {table} SET {name} = %s"


def test_no_row_takes_what_is_no_name() -> None:
    desk = factories.make_desk()
    factories.make_key(desk, User.objects.all()[0])
    factories.make_entity(desk)
    factories.make_source(desk)

    for column, (rule, wrong) in ROWS.items():
        for written in wrong:
            with refused(rule):
                execute(f"{statement(column)} ", written)
    with refused("aliases_are_names"):
        execute("UPDATE annotations_entity SET aliases = %s", ["One", "a\nb"])


def test_the_service_says_what_the_database_refuses() -> None:
    manager = factories.make_user()

    for written in ["", " ", "a\nb", "x" * 121]:
        with pytest.raises(Invalid, match="Give the desk a name"):
            create_desk(slug="a", name=written, manager=manager, codebook={"kinds": {}})


def holds(function: str, written: list[str]) -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(a) FROM unnest(%s::text[]) WITH ORDINALITY t (a, b) ORDER BY b",
            [written],
        )
        return [row[0] for row in cursor]


def test_the_database_knows_every_character_as_the_services_do() -> None:
    written = [f"a{chr(at)}a" for at in range(1, 0x30000) if not 0xD800 <= at <= 0xDFFF]
    written += [f"a{chr(at)}" for at in range(1, 0x10000) if not 0xD800 <= at <= 0xDFFF]

    assert holds("imprimatur_is_name", written) == [as_line(each) == each for each in written]


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9))
)
@settings(max_examples=50, deadline=None)
def test_whatever_a_service_takes_the_database_takes(written: list[str]) -> None:
    taken = []
    for each in written:
        try:
            taken.append(clean_name(each))
        except Invalid:
            continue

    assert all(holds("imprimatur_is_name_of_person", taken))
    assert holds("imprimatur_is_name", written) == [as_line(each) == each != "" for each in written]


@pytest.mark.django_db(transaction=True)
def test_names_from_before_are_mended() -> None:
    desk = factories.make_desk("caucasus")
    person = factories.make_user("A", email="mary@example.org")
    mend = import_module("annotations.migrations.0042_names").mend
    rules = {
        "annotations_user": ("person_has_a_name", "imprimatur_is_name_of_person(name)"),
        "annotations_desk": ("desk_has_a_name", "imprimatur_is_name(name)"),
    }
    with connection.as_owner(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        for table, (rule, _) in rules.items():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
        try:
            User.objects.filter(pk=person.pk).update(name="\u202e \x07")
            Desk.objects.update(name=" Caucasus\ndesk ")
            mend(None, SimpleNamespace(connection=connection))
        finally:
            for table, (rule, check) in rules.items():
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {rule} CHECK ({check})")

    assert User.objects.get(pk=person.pk).name == "mary"
    assert Desk.objects.get(pk=desk.pk).name == "Caucasus desk"
