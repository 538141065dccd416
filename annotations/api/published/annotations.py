"""Published annotations: what was approved, as lists and one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from annotations.api.http.etags import conditional, conditional_text, etag_of_state, unless_known
from annotations.api.http.pagination import PARAMETERS, KeysetPages, PassagePages
from annotations.api.openapi.responses import READING, answers
from annotations.api.published.annotation_protocol import TYPE_OF_PAGE, LinkedData, ReadByProtocol
from annotations.api.published.filters import (
    AnnotationFilters,
    ClaimFilters,
    Filters,
    MentionFilters,
    PassageFilters,
    QuoteFilters,
)
from annotations.api.published.sparse_fields import (
    FIELDS,
    INCLUDE,
    SELECTION,
    beside,
    chosen_fields,
    chosen_includes,
    trimmed,
)
from annotations.api.serializers.published import (
    AnnotationDetailOutput,
    ClaimOutput,
    EntityMentionOutput,
    QuoteOutput,
)
from annotations.api.serializers.responses import AnnotationOutput
from annotations.api.views import PublishedView
from annotations.exporters import Record
from annotations.exporters.linked_data import web_annotation
from annotations.models import Annotation, Desk, Kind
from annotations.queries.full_text import first_with_words, kind_sign, label_signs
from annotations.queries.published import linked_graph
from annotations.queries.published.annotations import (
    published,
    published_source_on,
    published_text_on,
    published_texts_by_id,
    publisher_of,
    source_record,
)
from annotations.queries.published.cache_state import standing_of


class PassageList(PublishedView):
    """Filters and pages of published annotations; subclasses say how each looks."""

    queryset = Annotation.objects.none()  # tells the OpenAPI document what is filtered
    filter_backends: ClassVar[list[type[Filters]]] = [Filters]
    pagination_class = PassagePages
    filterset_class: type[PassageFilters] = PassageFilters

    output: type[Serializer]
    record: UUID | None = None  # that all rows with the words of `q` concern

    def known_parameters(self) -> frozenset[str]:
        return PARAMETERS | SELECTION | self.filterset_class.base_filters.keys()

    def page(self, request: Request) -> HttpResponseBase:
        standing = standing_of(self.desk)
        etag = etag_of_state(request, standing.published, standing.names)
        return unless_known(request, etag, lambda: self._read(request, etag))

    def rows(self) -> Any:
        return published(self.desk)

    def results(
        self,
        cut: QuerySet[Annotation] | list[UUID],
        pages: KeysetPages,
        fields: Sequence[str] | None,
    ) -> tuple[list[UUID], bytes]:
        """The ids of a page that was cut, and what it says of them as one JSON array."""
        raise NotImplementedError

    def _read(self, request: Request, etag: str) -> HttpResponse:
        fields, includes = chosen_fields(request, self.output), chosen_includes(request)
        pages = self.pagination_class()
        rows = Filters().filter_queryset(request, self.rows(), self)
        ids, results = self.results(self._cut(rows, pages, request), pages, fields)
        included = None if includes is None else beside(self.desk, ids, includes)
        response = pages.written(results, included=included)
        response.headers["ETag"] = etag
        return response

    def kind_of(self, request: Request) -> str:
        """What all rows are; empty for all kinds."""
        return request.query_params.get("kind", "")

    def _signs(self, request: Request) -> list[list[str]]:
        kind, label = self.kind_of(request), request.query_params.get("label", "").strip()
        signs = [kind_sign(kind)] if kind else []
        return [*signs, label_signs(self.desk, label)] if label else signs

    def _cut(
        self, rows: QuerySet[Annotation], pages: KeysetPages, request: Request
    ) -> QuerySet[Annotation] | list[UUID]:
        """The rows of the page, or the ids of those with the words of `q`; one more if there is."""
        words = request.query_params.get("q", "")
        if not words.strip():
            return pages.cut(rows, request)
        following = pages.following(rows, request)
        return first_with_words(
            following, words, pages.size + 1, signs=self._signs(request), record=self.record
        )


class AnnotationList(PassageList):
    filterset_class = AnnotationFilters
    output = AnnotationOutput

    @extend_schema(
        operation_id="annotations_list",
        summary="Approved annotations",
        parameters=[FIELDS, INCLUDE],
        responses=answers({200: AnnotationOutput(many=True), 304: None}, *READING),
    )
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        return self.page(request)

    def results(
        self,
        cut: QuerySet[Annotation] | list[UUID],
        pages: KeysetPages,
        fields: Sequence[str] | None,
    ) -> tuple[list[UUID], bytes]:
        if isinstance(cut, list):
            cut = Annotation.objects.filter(id__in=cut).order_by("id")
        found = published_texts_by_id(cut)
        ids = pages.turned([id for id, _ in found])
        texts = [text for _, text in found[: len(ids)]]
        if fields is None:
            return ids, f"[{','.join(texts)}]".encode()
        return ids, JSONRenderer().render(trimmed(map(json.loads, texts), fields))


class ShapedList(PassageList):
    """The annotations of one kind in their own shape."""

    kind: Kind

    def rows(self) -> Any:
        return published(self.desk).filter(publication__kind=self.kind)

    def kind_of(self, request: Request) -> str:  # noqa: ARG002
        return self.kind

    def results(
        self,
        cut: QuerySet[Annotation] | list[UUID],
        pages: KeysetPages,
        fields: Sequence[str] | None,
    ) -> tuple[list[UUID], bytes]:
        found = cut if isinstance(cut, list) else list(cut.values_list("id", flat=True))
        ids = pages.turned(found)
        documents = linked_graph.shaped(self.desk, ids, linked_graph.SHAPES[self.kind])
        return ids, JSONRenderer().render(trimmed(documents, fields))


class ClaimList(ShapedList):
    kind = Kind.CLAIM
    filterset_class = ClaimFilters
    output = ClaimOutput

    @extend_schema(
        operation_id="claims_list",
        summary="Approved claims",
        parameters=[FIELDS, INCLUDE],
        responses=answers({200: ClaimOutput(many=True), 304: None}, *READING),
    )
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        return self.page(request)


class QuoteList(ShapedList):
    kind = Kind.QUOTE
    filterset_class = QuoteFilters
    output = QuoteOutput

    @extend_schema(
        operation_id="quotes_list",
        summary="Approved quotes",
        parameters=[FIELDS, INCLUDE],
        responses=answers({200: QuoteOutput(many=True), 304: None}, *READING),
    )
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        return self.page(request)


class EntityList(ShapedList):
    kind = Kind.ENTITY
    filterset_class = MentionFilters
    output = EntityMentionOutput

    @extend_schema(
        operation_id="entities_list",
        summary="Approved mentions of entities",
        parameters=[FIELDS, INCLUDE],
        responses=answers({200: EntityMentionOutput(many=True), 304: None}, *READING),
    )
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        return self.page(request)


class AnnotationDetail(ReadByProtocol):
    parameters = SELECTION
    renderer_classes = (JSONRenderer, LinkedData)

    @extend_schema(
        operation_id="annotations_read",
        summary="One approved annotation",
        description="As JSON, or as a W3C Web Annotation for `Accept: application/ld+json`, "
        "which is always whole.",
        parameters=[FIELDS, INCLUDE],
        responses=answers(
            {
                (200, "application/json"): AnnotationDetailOutput,
                (200, "application/ld+json"): OpenApiTypes.OBJECT,
                304: None,
            },
            *READING,
        ),
    )
    def get(self, request: Request, desk: str, id: UUID) -> HttpResponseBase:  # noqa: ARG002
        fields, includes = chosen_fields(request, AnnotationOutput), chosen_includes(request)
        text = published_text_on(self.desk, id)
        if request.accepted_renderer.format != LinkedData.format and not (fields or includes):
            return conditional_text(request, text)
        document = json.loads(text)
        if request.accepted_renderer.format == LinkedData.format:
            return conditional(
                request,
                _linked_data(self.desk, document),
                content_type=web_annotation.MEDIA_TYPE,
                headers={"Link": TYPE_OF_PAGE},
            )
        [document] = trimmed([document], fields)
        if includes is not None:
            document["included"] = beside(self.desk, [id], includes)
        return conditional(request, document)


def _linked_data(desk: Desk, document: dict[str, Any]) -> dict[str, Any]:
    source = published_source_on(desk, UUID(document["source"]))
    record = Record.from_document(document, source_record(source))
    return web_annotation.document(record, base_iri=publisher_of(desk).base_iri)
