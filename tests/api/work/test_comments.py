"""Comments by the API."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotations.models import Annotation, Comment, Event, Role
from annotations.models.identity import new_id
from annotations.queries.comments import unseen_mentions
from tests import factories
from tests.api.client import as_role, post_escaped, read, signed_in, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def annotation() -> Annotation:
    return factories.make_annotation(factories.make_source(factories.make_desk()))


@pytest.fixture
def editor(annotation: Annotation) -> APIClient:
    return as_role(annotation.desk, Role.EDITOR)


def talk(annotation: Annotation) -> str:
    return work(annotation.desk, f"annotations/{annotation.id}/comments")


def at(comment: dict[str, Any] | Comment, desk: Any, step: str = "") -> str:
    id = comment.id if isinstance(comment, Comment) else comment["id"]
    return work(desk, f"comments/{id}{step and '/'}{step}")


def test_a_thread_from_the_question_to_its_resolution(
    annotation: Annotation, editor: APIClient
) -> None:
    desk = annotation.desk
    reviewer = factories.member(desk, Role.REVIEWER)
    asked = editor.post(talk(annotation), {"body": "Is it?", "mentions": [str(reviewer.id)]})
    assert asked.status_code == 201
    root = asked.json()
    other = signed_in(reviewer)
    answered = other.post(talk(annotation), {"body": "It is.", "thread": root["id"]})
    assert answered.status_code == 201

    resolved = editor.post(at(root, desk, "resolve"))

    assert resolved.json()["resolved"]["by"] == factories.member(desk, Role.EDITOR).name
    first, second = read(other, talk(annotation))
    assert (first["body"], first["thread"], first["mentions"]) == (
        "Is it?",
        None,
        [{"id": str(reviewer.id), "name": reviewer.name}],
    )
    assert (second["body"], second["thread"]) == ("It is.", root["id"])
    assert editor.post(at(root, desk, "reopen")).json()["resolved"] is None


def test_a_retry_makes_no_second_comment(annotation: Annotation, editor: APIClient) -> None:
    body = {"id": str(new_id()), "body": "Is it?"}

    first, again = editor.post(talk(annotation), body), editor.post(talk(annotation), body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Event.objects.filter(type="comment.created").count() == 1


def test_own_comments_are_edited_deleted_and_restored(
    annotation: Annotation, editor: APIClient
) -> None:
    comment = factories.make_comment(annotation, "Is it?")
    address = at(comment, annotation.desk)

    edited = editor.patch(address, {"body": "Was it?"}).json()
    deleted = editor.delete(address).json()
    restored = editor.post(at(comment, annotation.desk, "restore")).json()

    assert (edited["body"], edited["edited_at"] is None) == ("Was it?", False)
    assert (deleted["body"], deleted["deleted"]) == ("", True)
    assert (restored["body"], restored["deleted"]) == ("Was it?", False)


def test_the_comments_of_others_are_theirs(annotation: Annotation) -> None:
    comment = factories.make_comment(annotation, by=factories.member(annotation.desk, Role.MANAGER))
    editor, reviewer = (as_role(annotation.desk, role) for role in (Role.EDITOR, Role.REVIEWER))
    address = at(comment, annotation.desk)

    assert reviewer.patch(address, {"body": "No."}).status_code == 403
    assert editor.delete(address).status_code == 403
    assert reviewer.delete(address).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"body": ""}, "body"),
        ({"body": " \n "}, "body"),
        ({"body": "x" * 5_001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "a\ud800b"}, "body"),
        ({"body": 7}, "body"),
        ({"body": "x", "thread": "x"}, "thread"),
        ({"body": "x", "thread": str(new_id())}, "thread"),
        ({"body": "x", "mentions": "x"}, "mentions"),
        ({"body": "x", "mentions": ["x"]}, "mentions.0"),
        ({"body": "x", "mentions": [str(new_id())]}, "mentions"),
        ({"body": "x", "mentions": [str(new_id()) for _ in range(21)]}, "mentions"),
        ({"body": "x", "id": "x"}, "id"),
        ({"body": "x", "colour": "red"}, "colour"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_bad_comments_get_their_error_and_change_nothing(
    annotation: Annotation, editor: APIClient, body: dict[str, Any], field: str
) -> None:
    response = post_escaped(editor, talk(annotation), body)

    assert response.status_code == 422, response.content
    assert field in response.json()["errors"]
    assert Comment.objects.count() == 0


def test_a_reply_is_not_resolved(annotation: Annotation, editor: APIClient) -> None:
    reply = factories.make_comment(annotation, thread=factories.make_comment(annotation))

    assert editor.post(at(reply, annotation.desk, "resolve")).status_code == 409


def test_readers_read_along_and_note_what_they_saw(annotation: Annotation) -> None:
    desk, reader = annotation.desk, factories.member(annotation.desk, Role.READER)
    factories.make_comment(annotation, mentions=[reader])
    client = signed_in(reader)
    assert unseen_mentions(desk, reader).count() == 1

    assert len(read(client, talk(annotation))) == 1
    assert client.post(f"{talk(annotation)}/seen").status_code == 204

    assert unseen_mentions(desk, reader).count() == 0
    assert client.post(talk(annotation), {"body": "Hm."}).status_code == 403


def test_members_are_named_without_their_addresses(annotation: Annotation) -> None:
    response = as_role(annotation.desk, Role.READER).get(work(annotation.desk, "members"))

    assert {each["name"] for each in response.json()} == {
        "Manager", "Reader", "Editor", "Reviewer",
    }  # fmt: skip
    assert all(each.keys() == {"id", "name"} for each in response.json())
    assert b"@" not in response.content
