"""Finding annotations of the desk by the API."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.models import Kind, Role
from tests import factories
from tests.api.client import as_role, read, work

pytestmark = pytest.mark.django_db


def test_found_by_words_or_named_by_ids() -> None:
    desk = factories.make_desk()
    here, there = factories.make_source(desk), factories.make_source(desk, title="Elsewhere")
    factories.make_annotation(here)
    other = factories.make_annotation(there, kind=Kind.CLAIM)
    reader, address = as_role(desk, Role.READER), work(desk, "annotations")

    by_words = read(reader, address, q="ank", kind="claim,quote", exclude=str(here.id))
    by_id = read(reader, address, ids=f"{other.id},{here.id}")

    assert by_words == by_id
    assert (by_words[0]["id"], by_words[0]["source_title"]) == (str(other.id), "Elsewhere")
    assert read(reader, address, q="ank", source=str(there.id)) == by_id


def test_records_of_the_register_are_named_by_ids() -> None:
    desk = factories.make_desk()
    baku, _ = factories.make_entity(desk, "Baku"), factories.make_entity(desk, "Ankara")
    elsewhere = factories.make_entity(factories.make_desk())
    reader, address = as_role(desk, Role.READER), work(desk, "entities")

    named = read(reader, address, ids=f"{baku.id},{elsewhere.id}")

    assert [each["name"] for each in named] == ["Baku"]
    assert reader.get(address, {"ids": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": "a", "ids": ""}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"q": "a" * 201}, "q"),
        ({"q": "a", "kind": "poem"}, "kind"),
        ({"q": "a", "source": "x"}, "source"),
        ({"q": "a", "exclude": "x"}, "exclude"),
        ({"ids": ""}, "ids"),
        ({"ids": "x"}, "ids"),
        ({"ids": ",".join(["01890000-0000-7000-8000-000000000000"] * 101)}, "ids"),
        ({"q": "a", "colour": "red"}, "colour"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_query_that_cannot_be_read(query: dict[str, Any], field: str) -> None:
    desk = factories.make_desk()

    response = as_role(desk, Role.READER).get(work(desk, "annotations"), query)

    assert response.status_code == 400
    assert field in response.json()["errors"]
