"""Talking about annotations."""

from __future__ import annotations

from uuid import UUID

import pytest

from annotations.errors import Conflict, Invalid, NotFound, Refused
from annotations.models import Annotation, Comment, Desk, Event, Mention, Role
from annotations.models.identity import new_id
from annotations.queries.comments import comment_on
from annotations.services import comments as service
from annotations.services.comments import (
    delete_comment,
    edit_comment,
    reopen_thread,
    resolve_thread,
    restore_comment,
    see_mentions,
    write_comment,
)
from annotations.services.desks import remove_member
from annotations.services.tagging.annotations import delete_annotation
from tests.factories import (
    add_member,
    make_annotation,
    make_comment,
    make_desk,
    make_source,
    make_user,
    member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def annotation(desk: Desk) -> Annotation:
    return make_annotation(make_source(desk))


def talk_of(annotation: Annotation) -> list[str]:
    """What the ledger says of the talk, in order."""
    events = Event.objects.filter(annotation=annotation, comment__isnull=False).order_by("seq")
    return [event.type.removeprefix("comment.") for event in events]


def now(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def test_a_comment_begins_a_thread_and_is_an_event(annotation: Annotation) -> None:
    editor = member(annotation.desk, Role.EDITOR)

    comment, is_new = write_comment(annotation=annotation, by=editor, body="  Is this all?\n")

    assert is_new
    assert (comment.body, comment.thread, comment.author) == ("Is this all?", None, editor)
    event = Event.objects.get(comment=comment)
    assert (event.type, event.actor, event.source) == (
        "comment.created",
        editor,
        annotation.source,
    )
    assert event.note == ""


def test_a_reply_answers_the_comment_that_began_the_thread(annotation: Annotation) -> None:
    root = make_comment(annotation)
    reply = make_comment(annotation, "Yes.", thread=root)

    assert reply.thread == root
    with pytest.raises(Invalid) as caught:
        make_comment(annotation, "No.", thread=reply)
    assert list(caught.value.errors) == ["thread"]


def test_a_reply_to_a_thread_of_another_annotation_is_refused(annotation: Annotation) -> None:
    elsewhere = make_comment(make_annotation(annotation.source))

    with pytest.raises(Invalid):
        make_comment(annotation, thread=elsewhere)


def test_the_same_id_again_makes_no_second_comment(annotation: Annotation) -> None:
    id = new_id()
    reviewer = member(annotation.desk, Role.REVIEWER)

    first = make_comment(annotation, id=id, mentions=[reviewer])
    remove_member(desk=annotation.desk, by=member(annotation.desk, Role.MANAGER), user=reviewer)
    again = make_comment(annotation, id=id, mentions=[reviewer])

    assert first == again
    assert Comment.objects.count() == 1
    assert talk_of(annotation) == ["created"]


@pytest.mark.parametrize("elsewhere", ["annotation", "author", "thread"])
def test_an_id_that_is_in_use_elsewhere_is_a_conflict(
    annotation: Annotation, elsewhere: str
) -> None:
    comment = make_comment(annotation)
    other = make_annotation(annotation.source) if elsewhere == "annotation" else annotation
    by = member(annotation.desk, Role.REVIEWER if elsewhere == "author" else Role.EDITOR)
    thread = make_comment(annotation) if elsewhere == "thread" else None

    with pytest.raises(Conflict):
        make_comment(other, by=by, id=comment.id, thread=thread)


@pytest.mark.parametrize("body", ["", " \n\t ", "x" * 5_001, "a\x00b", "a\ud800b"], ids=repr)
def test_a_body_that_cannot_be_taken(annotation: Annotation, body: str) -> None:
    with pytest.raises(Invalid) as caught:
        make_comment(annotation, body)

    assert list(caught.value.errors) == ["body"]
    assert talk_of(annotation) == []


def test_the_longest_comment_counts_code_points(annotation: Annotation) -> None:
    assert len(make_comment(annotation, "𝔸" * 5_000).body) == 5_000


def test_readers_do_not_comment_and_strangers_find_nothing(annotation: Annotation) -> None:
    with pytest.raises(Refused):
        make_comment(annotation, by=member(annotation.desk, Role.READER))
    with pytest.raises(NotFound):
        make_comment(annotation, by=make_user())


def test_a_deleted_annotation_takes_no_comments(annotation: Annotation) -> None:
    comment = make_comment(annotation)
    deleted = delete_annotation(annotation=annotation, by=annotation.created_by, expected_version=1)

    with pytest.raises(NotFound):
        make_comment(deleted)
    with pytest.raises(NotFound):
        comment_on(annotation.desk, comment.id)


def test_an_annotation_takes_only_so_many(
    annotation: Annotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_COMMENTS", 2)
    make_comment(annotation)
    make_comment(annotation)

    with pytest.raises(Conflict):
        make_comment(annotation)


def test_an_answer_reopens_a_resolved_thread(annotation: Annotation) -> None:
    root = make_comment(annotation)
    resolve_thread(comment=root, by=member(annotation.desk, Role.REVIEWER))

    make_comment(annotation, "Not yet.", thread=root)

    assert now(root).resolved_at is None
    assert talk_of(annotation) == ["created", "resolved", "created", "reopened"]


def test_resolving_says_by_whom_and_twice_changes_nothing(annotation: Annotation) -> None:
    root, reviewer = make_comment(annotation), member(annotation.desk, Role.REVIEWER)

    for _ in range(2):
        resolve_thread(comment=root, by=reviewer)

    assert now(root).resolved_by == reviewer
    for _ in range(2):
        reopen_thread(comment=root, by=member(annotation.desk, Role.EDITOR))
    assert (now(root).resolved_by, now(root).resolved_at) == (None, None)
    assert talk_of(annotation) == ["created", "resolved", "reopened"]


def test_a_reply_is_not_resolved_and_readers_resolve_nothing(annotation: Annotation) -> None:
    root = make_comment(annotation)
    reply = make_comment(annotation, thread=root)

    with pytest.raises(Conflict):
        resolve_thread(comment=reply, by=member(annotation.desk, Role.EDITOR))
    with pytest.raises(Refused):
        resolve_thread(comment=root, by=member(annotation.desk, Role.READER))


def test_its_author_edits_a_comment_and_nobody_else(annotation: Annotation) -> None:
    comment = make_comment(annotation)

    edit_comment(comment=comment, by=comment.author, body="Is this really all?")

    assert now(comment).body == "Is this really all?"
    assert now(comment).edited_at is not None
    for role in (Role.READER, Role.REVIEWER, Role.MANAGER):
        with pytest.raises(Refused):
            edit_comment(comment=comment, by=member(annotation.desk, role), body="x")
    assert talk_of(annotation) == ["created", "edited"]


def test_an_edit_to_what_it_says_already_changes_nothing(annotation: Annotation) -> None:
    comment = make_comment(annotation, "Yes.")

    edit_comment(comment=comment, by=comment.author, body="Yes. ", mentions=[])

    assert now(comment).edited_at is None
    assert talk_of(annotation) == ["created"]


def test_its_author_and_reviewers_delete_and_restore_a_comment(annotation: Annotation) -> None:
    desk = annotation.desk
    comment = make_comment(annotation)
    second = add_member(desk, Role.EDITOR)

    for by in (comment.author, member(desk, Role.REVIEWER)):
        for _ in range(2):
            delete_comment(comment=comment, by=by)
        assert now(comment).deleted_at is not None
        for _ in range(2):
            restore_comment(comment=comment, by=by)
        assert now(comment).deleted_at is None

    with pytest.raises(Refused):
        delete_comment(comment=comment, by=second)
    assert talk_of(annotation) == ["created", *["deleted", "restored"] * 2]


def test_a_deleted_comment_is_not_edited(annotation: Annotation) -> None:
    comment = make_comment(annotation)
    delete_comment(comment=comment, by=comment.author)

    with pytest.raises(NotFound):
        edit_comment(comment=comment, by=comment.author, body="Otherwise.")


def mentioned(comment: Comment) -> set[UUID]:
    return set(Mention.objects.filter(comment=comment).values_list("user_id", flat=True))


def test_members_are_mentioned_and_others_are_not(annotation: Annotation) -> None:
    reader, reviewer = (member(annotation.desk, role) for role in (Role.READER, Role.REVIEWER))

    comment = make_comment(annotation, mentions=[reader, reviewer, reader])

    assert mentioned(comment) == {reader.id, reviewer.id}
    for other in (make_user(), member(make_desk(), Role.EDITOR)):
        with pytest.raises(Invalid) as caught:
            make_comment(annotation, mentions=[reader, other])
        assert list(caught.value.errors) == ["mentions"]
    assert Comment.objects.count() == 1


def test_a_comment_mentions_only_so_many(
    annotation: Annotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_MENTIONS", 1)

    with pytest.raises(Invalid):
        make_comment(
            annotation,
            mentions=[member(annotation.desk, role) for role in (Role.READER, Role.REVIEWER)],
        )


def test_who_is_still_mentioned_after_an_edit_keeps_having_seen_it(annotation: Annotation) -> None:
    reader, reviewer = (member(annotation.desk, role) for role in (Role.READER, Role.REVIEWER))
    manager = member(annotation.desk, Role.MANAGER)
    comment = make_comment(annotation, mentions=[reader, reviewer])
    assert see_mentions(annotation=annotation, by=reader) == 1
    assert see_mentions(annotation=annotation, by=reader) == 0

    edit_comment(
        comment=comment, by=comment.author, body=comment.body, mentions=[reader.id, manager.id]
    )

    assert mentioned(comment) == {reader.id, manager.id}
    assert Mention.objects.get(user=reader).seen_at is not None
    assert Mention.objects.get(user=manager).seen_at is None
    assert talk_of(annotation) == ["created", "edited"]


def test_seeing_mentions_leaves_those_of_others_and_elsewhere(annotation: Annotation) -> None:
    reader, reviewer = (member(annotation.desk, role) for role in (Role.READER, Role.REVIEWER))
    make_comment(annotation, mentions=[reader, reviewer])
    make_comment(make_annotation(annotation.source), mentions=[reader])

    see_mentions(annotation=annotation, by=reader)

    assert Mention.objects.filter(seen_at=None).count() == 2
    with pytest.raises(NotFound):
        see_mentions(annotation=annotation, by=make_user())
