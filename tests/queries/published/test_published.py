from __future__ import annotations

import json

import pytest
from pytest_django import DjangoAssertNumQueries

from annotations.models import Kind, RelationType, Role
from annotations.queries.published.annotations import (
    published,
    published_documents,
    published_sources,
    published_texts,
)
from annotations.services.review import withdraw
from annotations.services.tagging.annotations import edit_annotation
from annotations.services.tagging.drafts import Link
from tests.factories import (
    approved,
    make_annotation,
    make_desk,
    make_source,
    member,
    rejected,
    returned,
    submitted,
)

pytestmark = pytest.mark.django_db


def test_only_approved_annotations_are_published() -> None:
    desk = make_desk()
    source = make_source(desk)
    make_annotation(source)
    submitted(make_annotation(source))
    returned(make_annotation(source))
    rejected(make_annotation(source))
    shown = approved(make_annotation(source))

    assert [d["id"] for d in published_documents(published(desk))] == [str(shown.id)]


def test_the_approved_version_stays_while_an_edit_waits() -> None:
    desk = make_desk()
    annotation = approved(make_annotation(make_source(desk)))
    before = published_documents(published(desk))
    edit_annotation(
        annotation=annotation, by=annotation.created_by, expected_version=1, label="organization"
    )

    after = published_documents(published(desk))

    assert after == before
    assert after[0]["label"] == "place"


def test_a_relation_to_what_is_not_published_is_left_out() -> None:
    desk = make_desk()
    source = make_source(desk)
    speaker = make_annotation(source)
    link = Link(RelationType.SAID_BY, speaker.id)
    approved(make_annotation(source, kind=Kind.QUOTE, fields={}, links=[link]))

    [before] = published_documents(published(desk).filter(kind="quote"))
    approved(speaker)
    [after] = published_documents(published(desk).filter(kind="quote"))

    assert before["relations"] == []
    assert [relation["to"] for relation in after["relations"]] == [str(speaker.id)]


def test_a_withdrawn_annotation_is_gone_and_so_is_its_source() -> None:
    desk = make_desk()
    source = make_source(desk)
    annotation = approved(make_annotation(source))
    assert list(published_sources(desk)) == [source]

    withdraw(annotation=annotation, by=member(desk, Role.REVIEWER), reason="The text was forged.")

    assert published_documents(published(desk)) == []
    assert list(published_sources(desk)) == []


def test_published_documents_name_nobody_by_address() -> None:
    desk = make_desk()
    approved(make_annotation(make_source(desk)))

    assert "@" not in json.dumps(published_documents(published(desk)))


def test_documents_take_one_statement_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    desk = make_desk()
    source = make_source(desk)
    for _ in range(8):
        approved(make_annotation(source))

    with django_assert_num_queries(1):
        found = published_documents(published(desk).order_by("id"))

    assert [d["id"] for d in found] == sorted(d["id"] for d in found)
    assert len(found) == 8


def test_texts_stream_with_their_records_and_the_places_of_these_among_all() -> None:
    desk = make_desk()
    sources = [make_source(desk, title="Minutes", published_on="2020-09-15"), make_source(desk)]
    found = [approved(make_annotation(source)) for source in [*sources, *sources]]
    ids = sorted(str(each.id) for each in found)

    texts = list(published_texts(desk))

    minutes = next(each.document for each in texts if each.document.source.title == "Minutes")
    assert minutes.source.published_on == "2020-09-15"
    assert [ids[place] for each in texts for place in each.places] == [
        record.id for each in texts for record in each.document.records
    ]
    assert sorted(place for each in texts for place in each.places) == [0, 1, 2, 3]
    for text in (each.document for each in texts):
        for record in text.records:
            assert record.revision_sha256 == text.sha256
            for passage in record.spans:
                assert text.text[passage.start : passage.end] == passage.exact
