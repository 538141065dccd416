from __future__ import annotations

import pytest
from django.utils.dateparse import parse_datetime
from pytest_django import DjangoAssertNumQueries

from annotations.errors import NotFound
from annotations.models import Kind, RelationType, Role
from annotations.queries.annotations.work import (
    annotation_on,
    review_queue,
    source_documents,
    work_document,
)
from annotations.services.tagging.annotations import delete_annotation, edit_annotation
from annotations.services.tagging.drafts import Link
from tests.factories import (
    TEXT,
    approved,
    make_annotation,
    make_desk,
    make_source,
    member,
    returned,
    submitted,
)

pytestmark = pytest.mark.django_db


def test_a_document_says_what_the_newest_version_says() -> None:
    desk = make_desk()
    source = make_source(desk)
    speaker = make_annotation(source, kind=Kind.ENTITY, spans=[(0, 6)])
    quote = make_annotation(
        source,
        kind=Kind.QUOTE,
        spans=[(34, 36), (7, 17)],
        fields={"cue": "said"},
        links=[Link(RelationType.SAID_BY, speaker.id)],
    )

    document = work_document(quote)

    assert document["spans"] == [
        {"start": 7, "end": 17, "exact": TEXT[7:17]},
        {"start": 34, "end": 36, "exact": TEXT[34:36]},
    ]
    assert document["prefix"] == TEXT[:7]
    assert document["suffix"] == TEXT[36:68]
    assert document["fields"] == {"cue": "said"}
    assert [(r["type"], r["to"]) for r in document["relations"]] == [("said_by", str(speaker.id))]
    assert document["author"] == {
        "id": str(member(desk, Role.EDITOR).id),
        "name": member(desk, Role.EDITOR).name,
    }
    assert (document["kind"], document["label"], document["state"]) == ("quote", "direct", "draft")
    assert (document["version"], document["revision"], document["deleted"]) == (1, 1, False)
    assert document["published_version"] is None
    assert document["decision"] is None
    assert parse_datetime(document["updated_at"]) == quote.updated_at


def test_offsets_count_code_points_beyond_the_basic_plane() -> None:
    source = make_source(make_desk(), text="a 😀 b 𝔠ounted")

    document = work_document(make_annotation(source, spans=[(6, 13)]))

    assert document["spans"] == [{"start": 6, "end": 13, "exact": "𝔠ounted"}]


def test_a_returned_document_carries_the_note() -> None:
    annotation = returned(make_annotation(make_source(make_desk())))

    decision = work_document(annotation)["decision"]

    assert (decision["verdict"], decision["note"]) == ("return", "Take the whole sentence.")


def test_an_edit_of_an_approved_annotation_names_the_published_version() -> None:
    annotation = approved(make_annotation(make_source(make_desk())))
    edit_annotation(
        annotation=annotation, by=annotation.created_by, expected_version=1, label="organization"
    )

    document = work_document(annotation)

    assert (document["version"], document["state"], document["published_version"]) == (
        2,
        "draft",
        1,
    )
    assert document["decision"] is None


def test_the_documents_of_a_source_take_two_statements_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    source = make_source(make_desk())
    for _ in range(12):
        make_annotation(source)

    with django_assert_num_queries(2):
        found = source_documents(source)

    assert len(found.documents) == 12
    assert found.cursor > 12


def test_deleted_annotations_are_gone_from_the_source_and_from_relations() -> None:
    source = make_source(make_desk())
    speaker = make_annotation(source)
    quote = make_annotation(
        source, kind=Kind.QUOTE, fields={}, links=[Link(RelationType.SAID_BY, speaker.id)]
    )
    delete_annotation(annotation=speaker, by=speaker.created_by, expected_version=1)

    documents = source_documents(source).documents

    assert [document["id"] for document in documents] == [str(quote.id)]
    assert documents[0]["relations"] == []
    assert work_document(speaker)["deleted"] is True


def test_an_annotation_of_another_desk_is_not_found() -> None:
    annotation = make_annotation(make_source(make_desk()))

    with pytest.raises(NotFound):
        annotation_on(make_desk(), annotation.id)


def test_the_queue_holds_what_waits_the_longest_first() -> None:
    desk = make_desk()
    source = make_source(desk)
    _, first, second, done = (make_annotation(source) for _ in range(4))
    submitted(second)
    submitted(first)
    approved(done)

    assert [item.id for item in review_queue(desk)] == [second.id, first.id]
