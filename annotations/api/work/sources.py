"""Editorial work on sources: import, read, tag; the register, jobs and releases beside it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.http.json_parser import JSONParser
from annotations.api.http.query_parameters import MOST_NAMED, search_words, some_ids
from annotations.api.http.version_headers import with_text, with_texts
from annotations.api.openapi.responses import ALWAYS, WRITING, answers
from annotations.api.serializers.requests import (
    AnnotationInput,
    BatchInput,
    EntityInput,
    ReleaseInput,
    SourceInput,
    checked,
    draft,
    provenance,
)
from annotations.api.serializers.responses import (
    BatchOutput,
    EntityOutput,
    JobOutput,
    SourceWorkOutput,
    WorkOutput,
    WorkSourceOutput,
)
from annotations.api.views import WorkView
from annotations.api.work.fast_parsing import quick_draft, quick_drafts
from annotations.api.work.jobs import accepted
from annotations.policy import Action
from annotations.private_apis import django_request
from annotations.queries.annotations.work import source_documents
from annotations.queries.jobs import job_on
from annotations.queries.published.entities import entities_of
from annotations.queries.published.linked_graph import entity_document
from annotations.queries.sources import latest_revision, source_on
from annotations.services.register import create_entity
from annotations.services.releases.cut import cut_release
from annotations.services.sources import Upload, start_import
from annotations.services.tagging.annotations import write_annotation, write_annotations

MOST_RECORDS = 100


class WorkSourceList(WorkView):
    parser_classes = [JSONParser, MultiPartParser]
    takes_sources = True
    actions: ClassVar = {"POST": Action.IMPORT}

    @extend_schema(
        operation_id="work_sources_create",
        summary="Import a text",
        description="Send either `text` or, as multipart/form-data, a `file`. A job does the work; "
        "ask for it at the address in `Location` until it is done.",
        request={"application/json": SourceInput, "multipart/form-data": SourceInput},
        responses=answers({202: JobOutput}, *WRITING),
    )
    def post(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        values = checked(SourceInput, request)
        job = start_import(
            desk=self.desk, by=self.person, provenance=provenance(values), upload=_upload(values)
        )
        return accepted(self.desk, job)


class WorkSource(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK}

    @extend_schema(
        operation_id="work_sources_read",
        summary="A source with its newest text",
        responses=answers({200: WorkSourceOutput}, *ALWAYS),
    )
    def get(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        source = source_on(self.desk, id)
        source.revision = latest_revision(source)  # type: ignore[attr-defined]
        return Response(WorkSourceOutput(source).data)


class SourceAnnotations(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK, "POST": Action.TAG}

    @extend_schema(
        operation_id="work_annotations_list",
        summary="All annotations of a source, the newest version of each",
        responses=answers({200: SourceWorkOutput}, *ALWAYS),
    )
    def get(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        found = source_documents(source_on(self.desk, id))
        return Response({"cursor": found.cursor, "annotations": found.documents})

    @extend_schema(
        operation_id="work_annotations_create",
        summary="Tag a passage",
        description="The same id again, by the same person, answers 200 and makes no second one.",
        request=AnnotationInput,
        responses=answers({200: WorkOutput, 201: WorkOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        written = write_annotation(
            desk=self.desk.id,
            source=id,
            by=self.person,
            draft=quick_draft(django_request(request)) or draft(checked(AnnotationInput, request)),
        )
        return with_text(written.text, 201 if written.is_new else 200)


class AnnotationBatch(WorkView):
    actions: ClassVar = {"POST": Action.TAG}

    @extend_schema(
        operation_id="work_annotations_batch",
        summary="Tag up to 1,000 passages, all or none",
        request=BatchInput,
        responses=answers({200: BatchOutput, 201: BatchOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str, id: UUID) -> HttpResponse:  # noqa: ARG002
        items = quick_drafts(django_request(request)) or [
            draft(each) for each in checked(BatchInput, request)["annotations"]
        ]
        written = write_annotations(desk=self.desk.id, source=id, by=self.person, drafts=items)
        texts = [each.text for each in written]
        return with_texts(texts, 201 if any(each.is_new for each in written) else 200)


class Register(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK, "POST": Action.TAG}
    parameters = frozenset({"q", "ids"})

    @extend_schema(
        operation_id="work_entities_list",
        summary="Records of the register by name, or by id",
        parameters=[
            OpenApiParameter("q", str, description="Part of a name or an alias."),
            OpenApiParameter("ids", str, description=f"Up to {MOST_NAMED} ids, with commas."),
        ],
        responses=answers({200: EntityOutput(many=True)}, *ALWAYS),
    )
    def get(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        given = request.query_params
        records = entities_of(self.desk, search_words(given.get("q", "")))
        if "ids" in given:
            records = records.filter(id__in=some_ids(given["ids"]))
        return Response([entity_document(each) for each in records[:MOST_RECORDS]])

    @extend_schema(
        operation_id="work_entities_create",
        summary="Add a record to the register",
        request=EntityInput,
        responses=answers({201: EntityOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        values = checked(EntityInput, request)
        return Response(
            entity_document(create_entity(desk=self.desk, by=self.person, **values)), status=201
        )


class WorkReleases(WorkView):
    actions: ClassVar = {"POST": Action.RELEASE}

    @extend_schema(
        operation_id="work_releases_create",
        summary="Create a release",
        request=ReleaseInput,
        responses=answers({202: JobOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        values = checked(ReleaseInput, request)
        job = cut_release(desk=self.desk, by=self.person, notes=values.get("notes", ""))
        return accepted(self.desk, job)


class JobDetail(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK}

    @extend_schema(
        operation_id="work_jobs_read",
        summary="How far a job is",
        responses=answers({200: JobOutput}, *ALWAYS),
    )
    def get(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        return Response(JobOutput(job_on(self.desk, id)).data)


def _upload(values: dict[str, Any]) -> Upload:
    if file := values.get("file"):
        return Upload(file.read(), file.name, values.get("encoding", ""))
    return Upload(values["text"].encode())
