"""Published annotations: what was approved, as lists and one by one."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.conditional import conditional
from annotations.api.describe import ALWAYS, READING, answers
from annotations.api.desks import PublishedView
from annotations.api.filters import AnnotationFilters, Filters, PassageFilters
from annotations.api.outputs import (
    AnnotationOutput,
    ClaimOutput,
    EntityMentionOutput,
    QuoteOutput,
)
from annotations.api.pages import PARAMETERS, KeysetPages, by_key
from annotations.exporters import Record, web_annotation
from annotations.models import Annotation, Desk, Kind
from annotations.queries import domain
from annotations.queries.published import (
    published,
    published_document_on,
    published_documents,
    published_source_on,
    source_record,
)


class LinkedDataRenderer(JSONRenderer):
    """W3C Web Annotation."""

    media_type = "application/ld+json"
    format = "jsonld"


class PassageList(PublishedView):
    """Filters and pages of published annotations; subclasses say how each looks."""

    queryset = Annotation.objects.none()  # tells the OpenAPI document what is filtered
    filter_backends: ClassVar[list[type[Filters]]] = [Filters]
    pagination_class = KeysetPages
    filterset_class: type[PassageFilters] = PassageFilters

    def known_parameters(self) -> frozenset[str]:
        return PARAMETERS | self.filterset_class.base_filters.keys()

    def page(self, request: Request) -> Response:
        pages = self.pagination_class()
        rows = Filters().filter_queryset(request, self.rows(), self)
        keys = pages.paginate_queryset(rows, request)
        return pages.get_paginated_response(self.documents(keys))

    def rows(self) -> Any:
        return published(self.desk)

    def documents(self, keys: list[UUID]) -> list[dict[str, Any]]:
        raise NotImplementedError


class AnnotationList(PassageList):
    filterset_class = AnnotationFilters

    @extend_schema(
        operation_id="annotations_list",
        summary="Approved annotations",
        responses=answers({200: AnnotationOutput(many=True)}, *ALWAYS),
    )
    def get(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        return self.page(request)

    def documents(self, keys: list[UUID]) -> list[dict[str, Any]]:
        return published_documents(by_key(published(self.desk), keys).order_by("id"))


class ShapedList(PassageList):
    """The annotations of one kind in their own shape."""

    kind: Kind

    def rows(self) -> Any:
        return published(self.desk).filter(kind=self.kind)

    def documents(self, keys: list[UUID]) -> list[dict[str, Any]]:
        return domain.shaped(self.desk, keys, domain.SHAPES[self.kind])


class ClaimList(ShapedList):
    kind = Kind.CLAIM

    @extend_schema(
        operation_id="claims_list",
        summary="Approved claims",
        responses=answers({200: ClaimOutput(many=True)}, *ALWAYS),
    )
    def get(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        return self.page(request)


class QuoteList(ShapedList):
    kind = Kind.QUOTE

    @extend_schema(
        operation_id="quotes_list",
        summary="Approved quotes",
        responses=answers({200: QuoteOutput(many=True)}, *ALWAYS),
    )
    def get(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        return self.page(request)


class EntityList(ShapedList):
    kind = Kind.ENTITY

    @extend_schema(
        operation_id="entities_list",
        summary="Approved mentions of entities",
        responses=answers({200: EntityMentionOutput(many=True)}, *ALWAYS),
    )
    def get(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        return self.page(request)


class AnnotationDetail(PublishedView):
    renderer_classes = (JSONRenderer, LinkedDataRenderer)

    @extend_schema(
        operation_id="annotations_read",
        summary="One approved annotation",
        description="As JSON, or as a W3C Web Annotation for `Accept: application/ld+json`.",
        responses=answers(
            {
                (200, "application/json"): AnnotationOutput,
                (200, "application/ld+json"): OpenApiTypes.OBJECT,
                304: None,
            },
            *READING,
        ),
    )
    def get(self, request: Request, desk: str, id: UUID) -> HttpResponseBase:  # noqa: ARG002
        document = published_document_on(self.desk, id)
        if request.accepted_renderer.format == LinkedDataRenderer.format:
            document = _linked_data(self.desk, document)
        return conditional(request, document)


def _linked_data(desk: Desk, document: dict[str, Any]) -> dict[str, Any]:
    source = published_source_on(desk, UUID(document["source"]))
    record = Record.from_document(document, source_record(source))
    return web_annotation.document(
        record, base_iri=f"{settings.PUBLIC_URL}/api/v1/desks/{desk.slug}"
    )
