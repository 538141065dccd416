"""What the database promises about comments, attacked by SQL that goes past every service."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from annotations.models import Annotation, Comment, Desk, Mention, Role
from annotations.models.identity import new_id
from tests.factories import make_annotation, make_comment, make_desk, make_source, make_user, member
from tests.models.attacks import execute, refused

pytestmark = pytest.mark.django_db

INSERT = (
    "INSERT INTO annotations_comment (id, desk_id, annotation_id, thread_id, author_id, body,"
    " created_at) VALUES (%s, %s, %s, %s, %s, %s, now())"
)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def annotation(desk: Desk) -> Annotation:
    return make_annotation(make_source(desk))


def insert(annotation: Annotation, *, desk: Desk, thread: Comment | None = None, body: str = "x"):  # type: ignore[no-untyped-def]
    root = thread.id if thread else None
    author = member(annotation.desk, Role.EDITOR)
    execute(INSERT, new_id(), desk.id, annotation.id, root, author.id, body)


def test_a_comment_stands_on_its_desk(annotation: Annotation) -> None:
    insert(annotation, desk=annotation.desk)

    with refused("comment_is_on_its_desk"):
        insert(annotation, desk=make_desk())


def test_a_reply_answers_a_root_of_the_same_annotation(annotation: Annotation) -> None:
    root = make_comment(annotation)
    reply = make_comment(annotation, thread=root)
    elsewhere = make_comment(make_annotation(annotation.source))

    insert(annotation, desk=annotation.desk, thread=root)
    for thread in (reply, elsewhere):
        with refused("a_reply_answers_a_root"):
            insert(annotation, desk=annotation.desk, thread=thread)


@pytest.mark.parametrize("body", ["", " \n\t"])
def test_a_comment_says_something(annotation: Annotation, body: str) -> None:
    with refused("a_comment_says_something"):
        insert(annotation, desk=annotation.desk, body=body)


def test_a_comment_is_not_endless(annotation: Annotation) -> None:
    insert(annotation, desk=annotation.desk, body="𝔸" * 5_000)

    with refused("a_comment_is_not_endless"):
        insert(annotation, desk=annotation.desk, body="𝔸" * 5_001)


def test_only_a_root_is_resolved_and_by_somebody(annotation: Annotation) -> None:
    root = make_comment(annotation)
    reply = make_comment(annotation, thread=root)
    resolve = (
        "UPDATE annotations_comment SET resolved_at = now(), resolved_by_id = %s WHERE id = %s"
    )

    with refused("only_a_root_is_resolved"):
        execute(resolve, root.author_id, reply.id)
    with refused("somebody_resolved_it"):
        execute(resolve, None, root.id)
    execute(resolve, root.author_id, root.id)


@pytest.mark.parametrize("column", ["annotation_id", "thread_id", "author_id", "created_at"])
def test_a_comment_stays_put(annotation: Annotation, column: str) -> None:
    comment = make_comment(annotation, thread=make_comment(annotation))
    values = {
        "annotation_id": make_annotation(annotation.source).id,
        "thread_id": make_comment(annotation).id,
        "author_id": member(annotation.desk, Role.REVIEWER).id,
        "created_at": "2020-01-01",
    }

    with refused("comment_stays_put"):
        execute(
            f"UPDATE annotations_comment SET {column} = %s WHERE id = %s",
            values[column],
            comment.id,
        )


def test_comments_are_kept(annotation: Annotation) -> None:
    comment = make_comment(annotation)

    with refused("comment_is_kept"):
        execute("DELETE FROM annotations_comment WHERE id = %s", comment.id)


def test_only_members_are_mentioned_once_each(annotation: Annotation) -> None:
    reader = member(annotation.desk, Role.READER)
    comment = make_comment(annotation, mentions=[reader])
    mention = "INSERT INTO annotations_mention (comment_id, user_id) VALUES (%s, %s)"

    with refused("mentioned_is_a_member"):
        execute(mention, comment.id, make_user().id)
    with pytest.raises(IntegrityError, match="one_mention_per"), transaction.atomic():
        execute(mention, comment.id, reader.id)


def test_a_mention_stays_put(annotation: Annotation) -> None:
    reader, reviewer = (member(annotation.desk, role) for role in (Role.READER, Role.REVIEWER))
    make_comment(annotation, mentions=[reader])

    with refused("mention_stays_put"):
        execute("UPDATE annotations_mention SET user_id = %s", reviewer.id)
    execute("UPDATE annotations_mention SET seen_at = now()")
    assert Mention.objects.get().seen_at is not None


def test_an_event_names_the_desk_and_annotation_of_its_comment(annotation: Annotation) -> None:
    comment = make_comment(annotation)
    other = make_annotation(annotation.source)
    event = (
        "INSERT INTO annotations_event (desk_id, seq, type, note, at, annotation_id, comment_id)"
        " VALUES (%s, 0, 'comment.edited', '', now(), %s, %s)"
    )

    execute(event, annotation.desk_id, annotation.id, comment.id)
    for desk, about in (
        (annotation.desk, other),
        (make_desk(), annotation),
        (annotation.desk, None),
    ):
        with refused("event_names_its_comment"):
            execute(event, desk.id, about and about.id, comment.id)
