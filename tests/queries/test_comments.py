from __future__ import annotations

import pytest
from django.utils.dateparse import parse_datetime
from pytest_django import DjangoAssertNumQueries

from annotations.errors import NotFound
from annotations.models import Annotation, Role
from annotations.queries.annotations.work import work_document
from annotations.queries.comments import (
    comment_document,
    comment_on,
    comments_of,
    mentions_of,
    talk_news,
    unseen_mentions,
)
from annotations.services.comments import delete_comment, resolve_thread, see_mentions
from annotations.services.tagging.annotations import delete_annotation
from tests.factories import make_annotation, make_comment, make_desk, make_source, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def annotation() -> Annotation:
    return make_annotation(make_source(make_desk()))


def test_a_document_says_who_said_what_to_whom(annotation: Annotation) -> None:
    reviewer = member(annotation.desk, Role.REVIEWER)
    root = make_comment(annotation, "Is it?", mentions=[reviewer])
    reply = make_comment(annotation, "It is.", by=reviewer, thread=root)

    document = comment_document(reply)

    assert document | {"created_at": ...} == {
        "id": str(reply.id),
        "annotation": str(annotation.id),
        "thread": str(root.id),
        "author": {"id": str(reviewer.id), "name": reviewer.name},
        "body": "It is.",
        "mentions": [],
        "created_at": ...,
        "edited_at": None,
        "deleted": False,
        "resolved": None,
    }
    assert parse_datetime(document["created_at"]) == reply.created_at
    assert comment_document(root)["mentions"] == [{"id": str(reviewer.id), "name": reviewer.name}]


def test_a_resolved_thread_says_by_whom(annotation: Annotation) -> None:
    root, reviewer = make_comment(annotation), member(annotation.desk, Role.REVIEWER)
    resolved = resolve_thread(comment=root, by=reviewer)

    said = comment_document(root)["resolved"]

    assert said["by"] == reviewer.name
    assert parse_datetime(said["at"]) == resolved.resolved_at


def test_what_a_deleted_comment_said_is_not_told(annotation: Annotation) -> None:
    comment = make_comment(annotation, "sesame")
    delete_comment(comment=comment, by=comment.author)

    document = comment_document(comment)

    assert (document["body"], document["deleted"]) == ("", True)


def test_comments_come_in_order_by_one_statement(
    annotation: Annotation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    said = [make_comment(annotation, str(number)) for number in range(5)]
    make_comment(make_annotation(annotation.source))

    with django_assert_num_queries(1):
        found = comments_of(annotation)

    assert [document["id"] for document in found] == [str(comment.id) for comment in said]


def test_a_comment_of_another_desk_is_not_found(annotation: Annotation) -> None:
    with pytest.raises(NotFound):
        comment_on(make_desk(), make_comment(annotation).id)


def test_mentions_are_those_of_comments_that_still_stand(annotation: Annotation) -> None:
    desk, reader = annotation.desk, member(annotation.desk, Role.READER)
    first, second, deleted = (make_comment(annotation, mentions=[reader]) for _ in range(3))
    delete_comment(comment=deleted, by=deleted.author)
    gone = make_annotation(annotation.source)
    make_comment(gone, mentions=[reader])
    delete_annotation(annotation=gone, by=gone.created_by, expected_version=1)
    make_comment(annotation, mentions=[member(desk, Role.MANAGER)])

    assert [each.comment for each in mentions_of(desk, reader)] == [second, first]
    assert unseen_mentions(desk, reader).count() == 2
    see_mentions(annotation=annotation, by=reader)
    assert unseen_mentions(desk, reader).count() == 0
    assert mentions_of(desk, reader).count() == 2
    assert mentions_of(make_desk(), reader).count() == 0


def test_news_of_talk_count_open_threads_and_comments_that_stand(
    annotation: Annotation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by = member(annotation.desk, Role.REVIEWER)
    first, second, third = (make_comment(annotation) for _ in range(3))
    reply = make_comment(annotation, thread=second)
    resolve_thread(comment=first, by=by)
    delete_comment(comment=second, by=by)  # its thread goes on
    delete_comment(comment=third, by=by)

    with django_assert_num_queries(2):
        news = talk_news([reply.id, third.id])

    assert news[reply.id]["comments"] == {"open": 1, "total": 2}
    assert news[reply.id]["comment"]["thread"] == str(second.id)
    assert news[third.id]["comment"]["deleted"] is True
    assert work_document(annotation)["comments"] == {"open": 1, "total": 2}


def test_no_talk_is_counted_as_none(
    annotation: Annotation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    comment = make_comment(annotation)
    delete_comment(comment=comment, by=comment.author)

    assert talk_news([comment.id])[comment.id]["comments"] == {"open": 0, "total": 0}
    with django_assert_num_queries(0):
        assert talk_news([]) == {}
    assert work_document(make_annotation(annotation.source))["comments"] == {"open": 0, "total": 0}
