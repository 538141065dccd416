"""A record of the register with what was published of it."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from annotations.models import Annotation, Desk, Entity, Kind, RelationType, Role, Source
from annotations.models.identity import new_id
from annotations.services.review import withdraw
from annotations.services.tagging.drafts import Link
from tests import factories
from tests.api.client import anonymous, published, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(desk: Desk) -> Entity:
    return factories.make_entity(desk, "Baku", wikidata="Q9248")


def mention(source: Source, record: Entity, start: int = 29) -> Annotation:
    return factories.approved(
        factories.make_annotation(
            source, spans=[(start, start + 4)], fields={"entity": str(record.id)}
        )
    )


def said(desk: Desk, record: Entity, **query: Any) -> Any:
    return read(anonymous(), published(desk, f"entities/{record.id}"), **query)


def test_it_is_the_record_with_its_mentions_in_their_shape(
    desk: Desk, source: Source, record: Entity
) -> None:
    first = mention(source, record)
    second = mention(factories.make_source(desk, title="Another"), record)
    claim = factories.approved(
        factories.make_annotation(
            source, kind=Kind.CLAIM, links=[Link(RelationType.ABOUT, first.id)]
        )
    )
    mention(source, factories.make_entity(desk, "Ankara"))

    found = said(desk, record)

    listed = read(anonymous(), published(desk, "entities"))["results"]
    assert found == {
        "id": str(record.id),
        "name": "Baku",
        "type": "place",
        "aliases": record.aliases,
        "wikidata": "Q9248",
        "mention_count": 2,
        "source_count": 2,
        "mentions": [each for each in listed if each["entity"]["id"] == str(record.id)],
        "next": None,
    }
    assert [each["id"] for each in found["mentions"]] == [str(first.id), str(second.id)]
    assert found["mentions"][0]["subject_of"] == [str(claim.id)]


def test_its_mentions_come_in_pages(desk: Desk, source: Source, record: Entity) -> None:
    ids = [str(mention(source, record, start).id) for start in range(5)]

    first = anonymous().get(published(desk, f"entities/{record.id}"), {"page_size": 2})
    pages = [first.json()]
    while pages[-1]["next"]:
        pages.append(read(anonymous(), pages[-1]["next"]))

    assert [each["id"] for page in pages for each in page["mentions"]] == ids
    assert [page["mention_count"] for page in pages] == [5, 5, 5]
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'


def test_it_is_not_sent_twice(desk: Desk, source: Source, record: Entity) -> None:
    mention(source, record)
    address = published(desk, f"entities/{record.id}")
    etag = anonymous().get(address)["ETag"]

    known = anonymous().get(address, headers={"If-None-Match": etag})
    mention(source, record, 0)

    assert known.status_code == 304
    assert anonymous().get(address, headers={"If-None-Match": etag}).status_code == 200


def test_only_a_published_mention_makes_it_known(
    desk: Desk, source: Source, record: Entity
) -> None:
    address = published(desk, f"entities/{record.id}")
    fields = {"entity": str(record.id)}
    factories.submitted(factories.make_annotation(source, fields=fields))
    before = anonymous().get(address)
    shown = mention(source, record)
    meanwhile = anonymous().get(address)
    withdraw(annotation=shown, by=factories.member(desk, Role.REVIEWER), reason="Misread.")

    assert [each.status_code for each in (before, meanwhile, anonymous().get(address))] == [
        404,
        200,
        404,
    ]


def test_records_of_other_desks_and_of_none_are_not_found(desk: Desk, source: Source) -> None:
    other = factories.make_desk(is_public=True)
    record = factories.make_entity(other, "Baku")
    shown = mention(factories.make_source(other), record)

    for id in (record.id, shown.id, new_id()):
        assert anonymous().get(published(desk, f"entities/{id}")).status_code == 404


def test_more_mentions_take_no_more_statements(
    desk: Desk,
    source: Source,
    record: Entity,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for start in range(7):
        mention(source, record, start)
        with django_assert_num_queries(7):
            said(desk, record)
