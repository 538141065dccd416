"""What was said about annotations, and who is called. Nothing of it leaves the desk."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    F,
    JSONField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject

from annotations.errors import NotFound
from annotations.models import Annotation, Comment, Desk, Mention, Span, User


def comment_on(desk: Desk, id: UUID) -> Comment:
    """Deleted ones too, but for those of a deleted annotation. Raises NotFound."""
    comment = (
        Comment.objects.filter(desk=desk, id=id, annotation__deleted_at=None)
        .select_related("desk", "annotation__source", "annotation__desk")
        .first()
    )
    if comment is None:
        raise NotFound("There is no such comment on this desk.")
    return comment


def comments_of(annotation: Annotation) -> list[dict[str, Any]]:
    """As JSON, the oldest first; one statement."""
    return comment_documents(annotation.comments.order_by("created_at", "id"))


def comment_documents(comments: QuerySet[Comment]) -> list[dict[str, Any]]:
    """In the order of `comments`; one statement. What a deleted one said is left out."""
    return list(
        comments.order_by(*comments.query.order_by).values_list(
            JSONObject(
                id="id",
                annotation="annotation_id",
                thread="thread_id",
                author=JSONObject(id="author_id", name="author__name"),
                body=Case(
                    When(deleted_at=None, then=F("body")),
                    default=Value(""),
                    output_field=TextField(),
                ),
                mentions=ArraySubquery(
                    Mention.objects.filter(comment=OuterRef("pk"))
                    .order_by("user__name", "user_id")
                    .values(json=JSONObject(id="user_id", name="user__name"))
                ),
                created_at="created_at",
                edited_at="edited_at",
                deleted=Case(When(deleted_at=None, then=Value(False)), default=Value(True)),
                resolved=Case(
                    When(resolved_at=None, then=Value(None, JSONField())),
                    default=JSONObject(by="resolved_by__name", at="resolved_at"),
                ),
            ),
            flat=True,
        )
    )


def comment_document(comment: Comment) -> dict[str, Any]:
    """As the database has it now."""
    return comment_documents(Comment.objects.filter(pk=comment.pk))[0]


def talk_news(ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What live readers are told of these comments, by id; two statements if there are any.

    Each is its JSON with the counts of its annotation, as in the work JSON.
    """
    if not ids:
        return {}
    documents = {
        UUID(each["id"]): each for each in comment_documents(Comment.objects.filter(id__in=ids))
    }
    about = {UUID(document["annotation"]) for document in documents.values()}
    counts = _counts(about)
    nothing = {"open": 0, "total": 0}
    return {
        id: {
            "comment": document,
            "comments": counts.get(UUID(document["annotation"]), nothing),
        }
        for id, document in documents.items()
    }


def _counts(annotations: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    root = Coalesce("thread_id", "id")
    is_open = Q(thread=None, resolved_at=None) | Q(thread__isnull=False, thread__resolved_at=None)
    rows = (
        Comment.objects.filter(annotation__in=annotations, deleted_at=None)
        .values_list("annotation_id")
        .annotate(open=Count(root, distinct=True, filter=is_open), total=Count("id"))
    )
    return {annotation: {"open": open, "total": total} for annotation, open, total in rows}


def mentions_of(desk: Desk, user: User) -> QuerySet[Mention]:
    """Where this person is called, newest first, with the words that the comment is about."""
    return (
        _standing(desk, user)
        .select_related(
            "comment__author", "comment__annotation__source", "comment__annotation__head__label"
        )
        .prefetch_related(
            Prefetch("comment__annotation__head__spans", Span.objects.order_by("start"))
        )
        .order_by("-id")
    )


def unseen_mentions(desk: Desk, user: User) -> QuerySet[Mention]:
    """Those that the person has not seen yet."""
    return _standing(desk, user).filter(seen_at=None)


def _standing(desk: Desk, user: User) -> QuerySet[Mention]:
    return Mention.objects.filter(
        user=user,
        comment__desk=desk,
        comment__deleted_at=None,
        comment__annotation__deleted_at=None,
    )
