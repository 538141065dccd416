"""The desk's register."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.errors import Conflict, Invalid, NotFound, Refused
from annotations.models import Entity, Role
from annotations.services.register import create_entity
from tests.factories import make_desk, make_entity, make_user, member

pytestmark = pytest.mark.django_db


def test_a_record_is_kept_tidy() -> None:
    entity = make_entity(
        make_desk(), " Baku ", aliases=["Bakı", " Bakı", "", "Baku city"], wikidata=" Q9248 "
    )

    entity.refresh_from_db()
    assert (entity.name, entity.aliases, entity.wikidata) == (
        "Baku",
        ["Bakı", "Baku city"],
        "Q9248",
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"type": "planet"}, "type"),
        ({"aliases": ["a"] * 3 + [str(n) for n in range(50)]}, "aliases"),
        ({"wikidata": "9248"}, "wikidata"),
    ],
)
def test_wrong_input_is_named_and_changes_nothing(values: dict[str, Any], field: str) -> None:
    desk = make_desk()

    with pytest.raises(Invalid) as caught:
        make_entity(desk, **values)

    assert list(caught.value.errors) == [field]
    assert not Entity.objects.exists()


def test_one_record_of_a_name_and_type_on_each_desk() -> None:
    desk = make_desk()
    make_entity(desk, "Baku")

    with pytest.raises(Conflict, match="“Baku”"):
        make_entity(desk, "Baku")
    make_entity(desk, "Baku", "organization")
    make_entity(make_desk(), "Baku")

    assert Entity.objects.count() == 3


def test_readers_and_strangers_add_no_records() -> None:
    desk = make_desk()

    for person, error in ((member(desk, Role.READER), Refused), (make_user("Stranger"), NotFound)):
        with pytest.raises(error):
            create_entity(desk=desk, by=person, name="Baku", type="place")
