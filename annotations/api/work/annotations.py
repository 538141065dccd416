"""Editorial work on annotations: edit, delete, submit, decide, relate."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.http.version_headers import TAG, expected_version, with_version
from annotations.api.openapi.responses import ALWAYS, WRITING, answers
from annotations.api.serializers.requests import (
    AnnotationPatch,
    DecisionInput,
    RelationInput,
    VersionInput,
    WithdrawalInput,
    checked,
    links,
    parts,
)
from annotations.api.serializers.responses import (
    RelationOutput,
    WorkOutput,
)
from annotations.api.views import WorkView
from annotations.models import Annotation
from annotations.policy import Action
from annotations.queries.annotations.work import (
    annotation_on,
    annotation_with_relation,
)
from annotations.services.review import decide, recall, submit, withdraw
from annotations.services.tagging.annotations import (
    add_relation,
    delete_annotation,
    edit_annotation,
    remove_relation,
    restore_annotation,
)

IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": f"^{TAG.pattern}$"},
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the version that you change, such as `"v3"`.',
)
CHANGING = (*WRITING, 409, 412)


class WorkAnnotation(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK, "PATCH": Action.TAG, "DELETE": Action.TAG}

    @extend_schema(
        operation_id="work_annotations_read",
        summary="The newest version of an annotation",
        responses=answers({200: WorkOutput}, *ALWAYS),
    )
    def get(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        return _answer(annotation_on(self.desk, id))

    @extend_schema(
        operation_id="work_annotations_update",
        summary="Write the next version",
        description="What is left out stays as it is; what is published stays published.",
        parameters=[IF_MATCH],
        request=AnnotationPatch,
        responses=answers({200: WorkOutput}, *CHANGING, 428),
    )
    def patch(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        annotation = annotation_on(self.desk, id)
        version = expected_version(request)
        values = checked(AnnotationPatch, request)
        edited = edit_annotation(
            annotation=annotation,
            by=self.person,
            expected_version=version,
            label=values.get("label"),
            parts=parts(values["spans"]) if "spans" in values else None,
            fields=values.get("fields"),
            links=links(values["relations"]) if "relations" in values else None,
        )
        return _answer(edited)

    @extend_schema(
        operation_id="work_annotations_delete",
        summary="Take an annotation off the desk; restore brings it back",
        parameters=[IF_MATCH],
        responses=answers({200: WorkOutput}, *ALWAYS, 409, 412, 428),
    )
    def delete(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        annotation = annotation_on(self.desk, id)
        version = expected_version(request)
        return _answer(
            delete_annotation(annotation=annotation, by=self.person, expected_version=version)
        )


class Restoration(WorkView):
    actions: ClassVar = {"POST": Action.TAG}

    @extend_schema(
        operation_id="work_annotations_restore",
        summary="Undo a deletion",
        request=None,
        responses=answers({200: WorkOutput}, *WRITING),
    )
    def post(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        annotation = annotation_on(self.desk, id, deleted=True)
        return _answer(restore_annotation(annotation=annotation, by=self.person))


class Submission(WorkView):
    actions: ClassVar = {"POST": Action.SUBMIT}

    @extend_schema(
        operation_id="work_annotations_submit",
        summary="Put a draft into the review queue",
        request=VersionInput,
        responses=answers({200: WorkOutput}, *CHANGING),
    )
    def post(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        values = checked(VersionInput, request)
        annotation = annotation_on(self.desk, id)
        return _answer(
            submit(annotation=annotation, by=self.person, expected_version=values["version"])
        )


class Recall(WorkView):
    actions: ClassVar = {"POST": Action.SUBMIT}

    @extend_schema(
        operation_id="work_annotations_recall",
        summary="Take a version of yours back from the review queue",
        description="It is a draft again. Recalling a draft changes nothing.",
        request=VersionInput,
        responses=answers({200: WorkOutput}, *CHANGING),
    )
    def post(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        values = checked(VersionInput, request)
        annotation = annotation_on(self.desk, id)
        return _answer(
            recall(annotation=annotation, by=self.person, expected_version=values["version"])
        )


class Decisions(WorkView):
    actions: ClassVar = {"POST": Action.DECIDE}

    @extend_schema(
        operation_id="work_annotations_decide",
        summary="Approve, return or reject what is in review",
        request=DecisionInput,
        responses=answers({200: WorkOutput}, *CHANGING),
    )
    def post(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        values = checked(DecisionInput, request)
        decided = decide(
            annotation=annotation_on(self.desk, id),
            by=self.person,
            expected_version=values["version"],
            verdict=values["verdict"],
            note=values.get("note", ""),
        )
        return _answer(decided)


class Withdrawal(WorkView):
    actions: ClassVar = {"POST": Action.WITHDRAW}

    @extend_schema(
        operation_id="work_annotations_withdraw",
        summary="Retract what is published",
        request=WithdrawalInput,
        responses=answers({200: WorkOutput}, *CHANGING),
    )
    def post(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        values = checked(WithdrawalInput, request)
        annotation = annotation_on(self.desk, id)
        return _answer(withdraw(annotation=annotation, by=self.person, reason=values["reason"]))


class Relations(WorkView):
    actions: ClassVar = {"POST": Action.TAG}

    @extend_schema(
        operation_id="work_relations_create",
        summary="Link an annotation to another one, as its next version",
        request=RelationInput,
        responses=answers({201: RelationOutput}, *CHANGING),
    )
    def post(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        values = checked(RelationInput, request)
        annotation = annotation_on(self.desk, values["from"])
        relation = add_relation(
            annotation=annotation,
            by=self.person,
            expected_version=values["version"],
            type=values["type"],
            to=values["to"],
        )
        document = {
            "id": str(relation.uid),
            "type": relation.type,
            "from": str(annotation.id),
            "to": str(relation.to_id),
            "version": relation.version.number,
        }
        return Response(document, status=201)


class RelationDetail(WorkView):
    actions: ClassVar = {"DELETE": Action.TAG}

    @extend_schema(
        operation_id="work_relations_delete",
        summary="Drop a link, in the next version of the annotation that carries it",
        parameters=[IF_MATCH],
        responses=answers({200: WorkOutput}, *ALWAYS, 409, 412, 422, 428),
    )
    def delete(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        annotation = annotation_with_relation(self.desk, id)
        version = expected_version(request)
        return _answer(
            remove_relation(annotation=annotation, by=self.person, expected_version=version, uid=id)
        )


def _answer(annotation: Annotation) -> HttpResponse:
    return with_version(annotation.id)
