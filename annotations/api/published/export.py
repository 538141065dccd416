"""All published annotations in one answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from annotations.api.http.etags import etag_of_state, unless_known
from annotations.api.http.problems import problem
from annotations.api.openapi.responses import READING, answers
from annotations.api.views import PublishedView
from annotations.queries.published.cache_state import standing_of
from annotations.queries.published.export import Export, TooManyExports

WAIT = 30  # seconds until one may ask again
STALLED = 60.0  # seconds in which a reader takes nothing


class JsonLines(BaseRenderer):
    """Only names the media type: the lines are written by the database."""

    media_type = "application/jsonl"
    format = "jsonl"

    def render(self, data: Any, *_context: Any) -> bytes:
        return str(data).encode()


class Lines(StreamingHttpResponse):
    """Cut off by project.asgi when the reader takes nothing for `patience` seconds."""

    patience = STALLED


class AnnotationExport(PublishedView):
    renderer_classes = (JsonLines,)

    @extend_schema(
        operation_id="annotations_export",
        summary="All approved annotations at once, one a line",
        description=(
            "As they are at one moment, by id; each line is the JSON that the list has for it. "
            "`Link` with `rel=\"next\"` is the feed of changes from that moment on, which brings "
            "what happens later without a gap. An answer that ends early is cut off by the "
            "connection: begin anew."
        ),
        responses=answers(
            {(200, JsonLines.media_type): OpenApiTypes.STR, 304: None}, *READING, 503
        ),
        parameters=[
            OpenApiParameter(
                "Link", str, OpenApiParameter.HEADER, response=[200],
                description="The feed of changes from here on.",
            )
        ],
    )  # fmt: skip
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        standing = standing_of(self.desk)
        etag = etag_of_state(request, standing.published, standing.names)
        return unless_known(request, etag, lambda: self._begun(request, etag))

    def _begun(self, request: Request, etag: str) -> HttpResponseBase:
        try:
            export = Export(self.desk)
        except TooManyExports:
            sentence = f"Others are reading all of a desk now: ask again in {WAIT} seconds."
            wait = {"Retry-After": str(WAIT)}
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, sentence, headers=wait)
        changes = request.build_absolute_uri(reverse("api:changes", args=[self.desk.slug]))
        headers = {"ETag": etag, "Link": f'<{changes}?after={export.cursor}>; rel="next"'}
        if request.method == "HEAD":
            export.close()
            return HttpResponse(content_type=JsonLines.media_type, headers=headers)
        return Lines(export, content_type=JsonLines.media_type, headers=headers)
