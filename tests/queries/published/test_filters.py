"""Narrowing published annotations down, without reading all of them."""

from __future__ import annotations

import pytest
from django.db import connection

from annotations.models import Kind, RelationType
from annotations.queries.published.annotations import published
from annotations.queries.published.filters import concerning
from annotations.services.tagging.drafts import Link
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_record_s_mentions_and_what_relates_to_them_are_found_whatever_its_id() -> None:
    """The parts of an id are words to PostgreSQL, as odd as they may be."""
    desk = factories.make_desk()
    source = factories.make_source(desk)
    for number in range(12):
        record = factories.make_entity(desk, f"Place {number}")
        mention = factories.make_annotation(source, fields={"entity": str(record.id)})
        factories.approved(mention)
        quote = factories.make_annotation(
            source, kind=Kind.QUOTE, links=[Link(RelationType.SAID_BY, mention.id)]
        )
        factories.approved(quote)
        factories.make_annotation(source, fields={"entity": str(record.id)})

        found = concerning(published(desk), record.id)

        assert set(found.values_list("id", flat=True)) == {mention.id, quote.id}


@pytest.mark.parametrize("id", ["01890000-0000-7000-8000-000000000000", "1e5-x", "-7.5e-3/a.b"])
def test_a_word_s_parts_are_found_in_itself(id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_to_tsvector('simple', jsonb_build_object('entity', %s::text),"
            " '[\"string\"]') @@ plainto_tsquery('simple', %s)",
            [id, id],
        )
        assert cursor.fetchone() == (True,)
