"""The sources of what was published, and their texts."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils.http import quote_etag
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.http.etags import conditional, etag_of_state, unless_known
from annotations.api.http.pagination import PARAMETERS, KeysetPages, by_key, whole, whole_schema
from annotations.api.openapi.responses import READING, answers
from annotations.api.published.filters import Filters, SourceFilters
from annotations.api.serializers.published import PublishedSourceOutput
from annotations.api.views import PublishedView
from annotations.models import Source
from annotations.queries.published.annotations import (
    published_source_on,
    published_sources,
    published_text,
    with_published_revisions,
)
from annotations.queries.published.cache_state import standing_of

LAST_REVISION = 2**31 - 1


class PlainTextRenderer(BaseRenderer):
    """Text as it is; problems stay JSON."""

    media_type = "text/plain"
    format = "txt"

    def render(self, data: Any, *_context: Any) -> bytes:
        return str(data).encode()


class SourceList(PublishedView):
    parameters = PARAMETERS | SourceFilters.base_filters.keys()
    filter_backends: ClassVar[list[type[Filters]]] = [Filters]
    filterset_class = SourceFilters
    pagination_class = KeysetPages
    queryset = Source.objects.none()

    @extend_schema(
        operation_id="sources_list",
        summary="Sources with approved annotations",
        responses=answers({200: PublishedSourceOutput(many=True), 304: None}, *READING),
    )
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        etag = etag_of_state(request, standing_of(self.desk).published)
        return unless_known(request, etag, lambda: self._page(request, etag))

    def _page(self, request: Request, etag: str) -> Response:
        pages = KeysetPages()
        sources = published_sources(self.desk)
        found = Filters().filter_queryset(request, sources, self)
        keys = pages.paginate_queryset(found, request)
        rows = with_published_revisions(by_key(sources, keys)).order_by("id")
        said = PublishedSourceOutput(rows, many=True).data
        return pages.get_paginated_response(said, headers={"ETag": etag})


class SourceDetail(PublishedView):
    @extend_schema(
        operation_id="sources_read",
        summary="One source with its provenance",
        responses=answers({200: PublishedSourceOutput, 304: None}, *READING),
    )
    def get(self, request: Request, desk: str, id: UUID) -> HttpResponseBase:  # noqa: ARG002
        return conditional(request, PublishedSourceOutput(published_source_on(self.desk, id)).data)


class SourceText(PublishedView):
    parameters = frozenset({"revision"})
    renderer_classes = (PlainTextRenderer,)

    @extend_schema(
        operation_id="sources_text",
        summary="The text that the offsets count in",
        parameters=[
            OpenApiParameter(
                "revision",
                whole_schema(0, LAST_REVISION),
                description="Its number; the newest if left out.",
            )
        ],
        responses=answers({(200, "text/plain"): OpenApiTypes.STR, 304: None}, *READING),
    )
    def get(self, request: Request, desk: str, id: UUID) -> HttpResponseBase:  # noqa: ARG002
        number = whole(request, "revision", default=0, least=0, most=LAST_REVISION)
        revision = published_text(published_source_on(self.desk, id), number or None)
        etag = quote_etag(revision.sha256)
        return unless_known(
            request,
            etag,
            lambda: HttpResponse(
                revision.text, content_type="text/plain; charset=utf-8", headers={"ETag": etag}
            ),
        )
