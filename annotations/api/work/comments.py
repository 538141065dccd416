"""Talk about annotations: threads, mentions, and the members who can be mentioned."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.openapi.responses import ALWAYS, WRITING, answers
from annotations.api.serializers.requests import CommentInput, CommentPatch, checked
from annotations.api.serializers.responses import (
    AuthorOutput,
    CommentOutput,
)
from annotations.api.views import WorkView
from annotations.models import Comment
from annotations.policy import Action
from annotations.queries.annotations.work import annotation_on
from annotations.queries.comments import comment_document, comment_on, comments_of
from annotations.queries.desks import members_of
from annotations.services.comments import (
    delete_comment,
    edit_comment,
    reopen_thread,
    resolve_thread,
    restore_comment,
    see_mentions,
    write_comment,
)


class Comments(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK, "POST": Action.COMMENT}

    @extend_schema(
        operation_id="work_comments_list",
        summary="All comments on an annotation, the oldest first",
        responses=answers({200: CommentOutput(many=True)}, *ALWAYS),
    )
    def get(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        return Response(comments_of(annotation_on(self.desk, id)))

    @extend_schema(
        operation_id="work_comments_create",
        summary="Begin a thread, or answer in one",
        description="The same id again, by the same person, answers 200 and makes no second one. "
        "An answer reopens a resolved thread.",
        request=CommentInput,
        responses=answers({200: CommentOutput, 201: CommentOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        values = checked(CommentInput, request)
        comment, is_new = write_comment(
            annotation=annotation_on(self.desk, id),
            by=self.person,
            body=values["body"],
            thread=values.get("thread"),
            mentions=values.get("mentions", []),
            id=values.get("id"),
        )
        return Response(comment_document(comment), status=201 if is_new else 200)


class Seen(WorkView):
    actions: ClassVar = {"POST": Action.READ_WORK}

    @extend_schema(
        operation_id="work_comments_seen",
        summary="Note that you saw the comments that mention you",
        description="A mark of your own: closed desks take it too, as nothing on them changes.",
        request=None,
        responses=answers({204: None}, *WRITING),
    )
    def post(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        see_mentions(annotation=annotation_on(self.desk, id), by=self.person)
        return Response(status=204)


class CommentDetail(WorkView):
    actions: ClassVar = {"PATCH": Action.COMMENT, "DELETE": Action.COMMENT}

    @extend_schema(
        operation_id="work_comments_update",
        summary="Change what you said",
        description="Without `mentions` the mentioned members stay the same.",
        request=CommentPatch,
        responses=answers({200: CommentOutput}, *WRITING),
    )
    def patch(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        comment = comment_on(self.desk, id)
        values = checked(CommentPatch, request)
        return _answer(
            edit_comment(
                comment=comment,
                by=self.person,
                body=values["body"],
                mentions=values.get("mentions"),
            )
        )

    @extend_schema(
        operation_id="work_comments_delete",
        summary="Take a comment back; restore brings it again",
        responses=answers({200: CommentOutput}, *ALWAYS),
    )
    def delete(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        return _answer(delete_comment(comment=comment_on(self.desk, id), by=self.person))


class Restoration(WorkView):
    actions: ClassVar = {"POST": Action.COMMENT}

    @extend_schema(
        operation_id="work_comments_restore",
        summary="Undo the deletion of a comment",
        request=None,
        responses=answers({200: CommentOutput}, *WRITING),
    )
    def post(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        return _answer(restore_comment(comment=comment_on(self.desk, id), by=self.person))


class Resolution(WorkView):
    actions: ClassVar = {"POST": Action.COMMENT}

    @extend_schema(
        operation_id="work_comments_resolve",
        summary="Mark a thread as settled, by the comment that began it",
        request=None,
        responses=answers({200: CommentOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        return _answer(resolve_thread(comment=comment_on(self.desk, id), by=self.person))


class Reopening(WorkView):
    actions: ClassVar = {"POST": Action.COMMENT}

    @extend_schema(
        operation_id="work_comments_reopen",
        summary="Open a settled thread again",
        request=None,
        responses=answers({200: CommentOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        return _answer(reopen_thread(comment=comment_on(self.desk, id), by=self.person))


class Members(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK}

    @extend_schema(
        operation_id="work_members_list",
        summary="Who can be mentioned, by name",
        responses=answers({200: AuthorOutput(many=True)}, *ALWAYS),
    )
    def get(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        users = [
            membership.user for membership in members_of(self.desk).filter(user__is_active=True)
        ]
        return Response([{"id": str(user.id), "name": user.name} for user in users])


def _answer(comment: Comment) -> Response:
    return Response(comment_document(comment))
