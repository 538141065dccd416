"""Releases and their files."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import byte_ranges
from annotations.api.http.etags import conditional, etag_of_state, unless_known
from annotations.api.http.pagination import (
    LARGEST,
    PARAMETERS,
    SIZE,
    NewestReleasesFirst,
    by_key,
    page_size,
    whole,
    whole_schema,
)
from annotations.api.http.problems import problem
from annotations.api.http.query_parameters import one_id
from annotations.api.openapi.responses import ALWAYS, READING, answers
from annotations.api.serializers.published import (
    DifferencesOutput,
    ReleaseOutput,
)
from annotations.api.views import PublishedView
from annotations.models import Release
from annotations.private_apis import django_request
from annotations.queries.published.cache_state import standing_of
from annotations.queries.published.releases import release_file_on, release_on, releases_of
from annotations.queries.published.retractions import differences

LAST = 2**31 - 1  # number that a release can have


class WhateverIsThere(BaseContentNegotiation):
    """A file has the media type it has."""

    def select_parser(
        self,
        request: Request,  # noqa: ARG002
        parsers: Iterable[BaseParser],
    ) -> BaseParser | None:
        return next(iter(parsers), None)

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,  # noqa: ARG002
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class ReleaseList(PublishedView):
    parameters = PARAMETERS
    pagination_class = NewestReleasesFirst
    queryset = Release.objects.none()

    @extend_schema(
        operation_id="releases_list",
        summary="Releases, newest first",
        responses=answers({200: ReleaseOutput(many=True), 304: None}, *READING),
    )
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        etag = etag_of_state(request, standing_of(self.desk).release)
        return unless_known(request, etag, lambda: self._page(request, etag))

    def _page(self, request: Request, etag: str) -> Response:
        pages = NewestReleasesFirst()
        releases = releases_of(self.desk)
        keys = pages.paginate_queryset(releases, request)
        rows = by_key(releases, keys, "number").order_by("-number")
        said = ReleaseOutput(rows, many=True).data
        return pages.get_paginated_response(said, headers={"ETag": etag})


class ReleaseDetail(PublishedView):
    @extend_schema(
        operation_id="releases_read",
        summary="One release",
        responses=answers({200: ReleaseOutput, 304: None}, *READING),
    )
    def get(self, request: Request, desk: str, number: int) -> HttpResponseBase:  # noqa: ARG002
        return conditional(request, ReleaseOutput(release_on(self.desk, number)).data)


class LatestRelease(PublishedView):
    @extend_schema(
        operation_id="releases_latest",
        summary="The newest release",
        responses=answers({200: ReleaseOutput, 304: None}, *READING),
    )
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        return conditional(request, ReleaseOutput(release_on(self.desk, None)).data)


class ReleaseDifferences(PublishedView):
    parameters = frozenset({"from", "cursor", "page_size"})

    @extend_schema(
        operation_id="releases_diff",
        summary="What changed in a release since an earlier one, by the ids of annotations",
        parameters=[
            OpenApiParameter(
                "from",
                whole_schema(1, LAST),
                description="The number of the earlier release, else the one before.",
            ),
            OpenApiParameter("cursor", UUID, description="`next` of the page before."),
            OpenApiParameter("page_size", whole_schema(1, LARGEST, default=SIZE)),
        ],
        responses=answers({200: DifferencesOutput}, *ALWAYS),
    )
    def get(self, request: Request, desk: str, number: int) -> Response:  # noqa: ARG002
        later = release_on(self.desk, number)
        before = whole(request, "from", default=max(number - 1, 1), least=1, most=LAST)
        earlier = release_on(self.desk, before)
        after = one_id("cursor", request.query_params.get("cursor"))
        found = differences(earlier, later, after=after, limit=page_size(request))
        said = {"from": earlier.number, "to": later.number, **vars(found)}
        return Response(DifferencesOutput(said).data)


class ReleaseFileDetail(PublishedView):
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = WhateverIsThere

    @extend_schema(
        operation_id="releases_file",
        summary="A file of a release, whole or in part (RFC 9110, §14)",
        responses=answers(
            {
                (200, "*/*"): OpenApiTypes.ANY,
                (206, "*/*"): OpenApiTypes.ANY,
                304: None,
            },
            *(400, 401, 403, 404, 412, 416),
        ),
        parameters=[
            OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="bytes=0-1023"),
            OpenApiParameter(
                "If-Range", str, OpenApiParameter.HEADER, description="The ETag of the first part."
            ),
        ],
    )
    def get(
        self,
        request: Request,
        desk: str,  # noqa: ARG002
        number: int,
        name: str,
    ) -> HttpResponseBase:
        file = release_file_on(release_on(self.desk, number), name)
        is_public = self.desk.is_public
        answer = unless_known(
            request,
            byte_ranges.etag_of(file),
            lambda: byte_ranges.download(django_request(request), file, is_public=is_public),
        )
        if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            said = problem(HTTPStatus(answer.status_code), "The file ends before this range.")
            said.headers["Content-Range"] = answer.headers["Content-Range"]
            return said
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            answer.headers["Cache-Control"] = byte_ranges.cache_control(is_public=is_public)
        return answer
