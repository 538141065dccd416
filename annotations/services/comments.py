"""Talking about annotations: comments, replies, mentions, and what is settled."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, Invalid, NotFound, Refused
from annotations.models import (
    LONGEST_COMMENT,
    Annotation,
    Comment,
    EventType,
    Membership,
    Mention,
    User,
)
from annotations.models.identity import new_id
from annotations.policy import Action
from annotations.services.ledger import record_talk
from annotations.services.tagging.codebook_values import UNSTORABLE

MOST_COMMENTS = 500  # on one annotation
MOST_MENTIONS = 20  # in one comment
DELETED = "This comment was deleted."


@transaction.atomic
def write_comment(
    *,
    annotation: Annotation,
    by: User,
    body: str,
    thread: UUID | None = None,
    mentions: Sequence[UUID] = (),
    id: UUID | None = None,
) -> tuple[Comment, bool]:
    """Begin a thread, or answer the one that `thread` began. Returns whether it is new.

    The same `id` again, by the same person in the same place, returns what is there. An answer
    reopens a resolved thread. Raises Invalid, Conflict, NotFound, Refused.
    """
    policy.require(by, annotation.desk, Action.COMMENT)
    body = _checked(body)
    if annotation.deleted_at is not None:
        raise NotFound("This annotation was deleted.")
    root = _locked_root(annotation, thread) if thread else None
    comment, is_new = Comment.objects.get_or_create(
        id=id or new_id(),
        defaults={
            "desk": annotation.desk,
            "annotation": annotation,
            "thread": root,
            "author": by,
            "body": body,
        },
    )
    if (comment.annotation_id, comment.author_id, comment.thread_id) != (
        annotation.id,
        by.id,
        thread,
    ):
        raise Conflict(f"The id {comment.id} is already in use.")
    if is_new:
        if annotation.comments.count() > MOST_COMMENTS:
            raise Conflict(f"An annotation takes at most {MOST_COMMENTS} comments.")
        _mention(comment, mentions)
        record_talk(comment, EventType.COMMENT_CREATED, by)
        if root is not None and root.resolved_at is not None:
            _settle(root, None)
            record_talk(root, EventType.COMMENT_REOPENED, by)
    return comment, is_new


@transaction.atomic
def edit_comment(
    *, comment: Comment, by: User, body: str, mentions: Sequence[UUID] | None = None
) -> Comment:
    """Say it differently; who is still mentioned keeps having seen it. Only its author may.

    Editing to what it says already changes nothing. Raises Invalid, NotFound, Refused.
    """
    policy.require(by, comment.desk, Action.COMMENT)
    if comment.author_id != by.id:
        raise Refused("Only its author may edit a comment.")
    body = _checked(body)
    comment = _locked(comment)
    if comment.deleted_at is not None:
        raise NotFound(DELETED)
    renamed = mentions is not None and _mention(comment, mentions)
    if body == comment.body and not renamed:
        return comment
    comment.body = body
    comment.edited_at = timezone.now()
    comment.save(update_fields=["body", "edited_at"])
    record_talk(comment, EventType.COMMENT_EDITED, by)
    return comment


@transaction.atomic
def delete_comment(*, comment: Comment, by: User) -> Comment:
    """Take back what was said; restore_comment undoes it. Its author may, and reviewers."""
    return _set_deleted(comment, by, deleted=True)


@transaction.atomic
def restore_comment(*, comment: Comment, by: User) -> Comment:
    """Undo a deletion. Restoring what is not deleted changes nothing."""
    return _set_deleted(comment, by, deleted=False)


@transaction.atomic
def resolve_thread(*, comment: Comment, by: User) -> Comment:
    """Mark the thread that this comment began as settled. Twice changes nothing.

    Raises Conflict for a reply, Refused.
    """
    return _set_resolved(comment, by, resolved=True)


@transaction.atomic
def reopen_thread(*, comment: Comment, by: User) -> Comment:
    """Take the mark away again. Raises Conflict for a reply, Refused."""
    return _set_resolved(comment, by, resolved=False)


@transaction.atomic
def see_mentions(*, annotation: Annotation, by: User) -> int:
    """The person has seen what calls them on this annotation. Returns how many were new.

    On a closed desk too: it is a mark of the reader's own, and nothing of the desk's content.
    """
    policy.require(by, annotation.desk, Action.READ_WORK)
    unseen = Mention.objects.filter(user=by, comment__annotation=annotation, seen_at=None)
    return unseen.update(seen_at=timezone.now())


def _checked(body: str) -> str:
    body = body.strip()
    if not body:
        raise Invalid({"body": ["Write something first."]})
    if len(body) > LONGEST_COMMENT:
        raise Invalid({"body": [f"A comment has at most {LONGEST_COMMENT} characters."]})
    if UNSTORABLE.search(body):
        raise Invalid({"body": ["The comment holds a NUL or half a character (a surrogate)."]})
    return body


def _locked(comment: Comment) -> Comment:
    return (
        Comment.objects.select_for_update(of=("self",))
        .select_related("desk", "annotation__source", "annotation__desk")
        .get(pk=comment.pk)
    )


def _locked_root(annotation: Annotation, id: UUID) -> Comment:
    """The comment that began the thread, so that nobody resolves it meanwhile."""
    root = annotation.comments.filter(id=id).first()
    if root is None:
        raise Invalid({"thread": ["There is no such thread on this annotation."]})
    if root.thread_id is not None:
        raise Invalid({"thread": ["Answer the comment that began the thread, not a reply."]})
    return _locked(root)


def _mention(comment: Comment, ids: Sequence[UUID]) -> bool:
    """Make these members the mentioned ones. Returns whether that changed anything."""
    wanted = set(ids)
    if len(wanted) > MOST_MENTIONS:
        raise Invalid({"mentions": [f"A comment mentions at most {MOST_MENTIONS} people."]})
    there = {mention.user_id: mention for mention in comment.mentions.all()}
    added = wanted - there.keys()
    members = Membership.objects.filter(
        desk=comment.desk_id, user__in=added, user__is_active=True
    ).count()
    if members < len(added):
        raise Invalid({"mentions": ["Only members of this desk can be mentioned."]})
    comment.mentions.exclude(user__in=wanted).delete()
    Mention.objects.bulk_create(Mention(comment=comment, user_id=id) for id in sorted(added))
    return wanted != there.keys()


def _set_deleted(comment: Comment, by: User, *, deleted: bool) -> Comment:
    role = policy.require(by, comment.desk, Action.COMMENT)
    if comment.author_id != by.id and not policy.allows(role, Action.DELETE_ANY_COMMENT):
        raise Refused("Only its author or a reviewer may delete a comment or bring it back.")
    comment = _locked(comment)
    if (comment.deleted_at is not None) is deleted:
        return comment
    comment.deleted_at = timezone.now() if deleted else None
    comment.save(update_fields=["deleted_at"])
    type = EventType.COMMENT_DELETED if deleted else EventType.COMMENT_RESTORED
    record_talk(comment, type, by)
    return comment


def _set_resolved(comment: Comment, by: User, *, resolved: bool) -> Comment:
    policy.require(by, comment.desk, Action.COMMENT)
    if comment.thread_id is not None:
        raise Conflict("A thread is resolved or reopened by the comment that began it.")
    comment = _locked(comment)
    if (comment.resolved_at is not None) is resolved:
        return comment
    _settle(comment, by if resolved else None)
    type = EventType.COMMENT_RESOLVED if resolved else EventType.COMMENT_REOPENED
    record_talk(comment, type, by)
    return comment


def _settle(root: Comment, by: User | None) -> None:
    root.resolved_by = by
    root.resolved_at = timezone.now() if by else None
    root.save(update_fields=["resolved_by", "resolved_at"])
