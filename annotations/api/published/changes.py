"""The feed of changes, by which copies elsewhere are kept in step."""

from __future__ import annotations

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from annotations.api.http.etags import etag_of_state, unless_known
from annotations.api.http.pagination import whole, whole_schema
from annotations.api.openapi.responses import READING, answers
from annotations.api.serializers.published import ChangesOutput
from annotations.api.views import PublishedView
from annotations.queries.published.cache_state import standing_of
from annotations.queries.published.changes import changes_after

MOST_CHANGES = 500
LAST_SEQ = 2**63 - 1


class ChangeList(PublishedView):
    parameters = frozenset({"after", "limit"})

    @extend_schema(
        operation_id="changes_list",
        summary="Approvals, corrections and retractions in the order in which they happened",
        description=(
            "For copies that are kept in step: for each change in turn, put `annotation` in the "
            "place of what the copy has under `id`, or take that away when it is null. Then send "
            "`next` as `after`, at once while `has_more`, else whenever you like. No change ever "
            "appears at or before a `next` that was given out."
        ),
        parameters=[
            OpenApiParameter(
                "after", whole_schema(0, LAST_SEQ), description="The `next` of the answer before."
            ),
            OpenApiParameter("limit", whole_schema(1, MOST_CHANGES, default=100)),
        ],
        responses=answers({200: ChangesOutput, 304: None}, *READING, 409),
    )
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        after = whole(request, "after", default=0, least=0, most=LAST_SEQ)
        limit = whole(request, "limit", default=100, least=1, most=MOST_CHANGES)
        standing = standing_of(self.desk)
        newest = standing.published  # drafts neither move the feed nor spoil a kept answer

        def respond() -> Response:
            changes = changes_after(self.desk, after, limit, newest)
            headers = {"ETag": etag}
            if changes.has_more:
                address = request.build_absolute_uri()
                following = replace_query_param(address, "after", changes.next)
                headers["Link"] = f'<{following}>; rel="next"'
            said = {
                "changes": changes.documents, "next": changes.next,
                "has_more": changes.has_more, "newest": newest,
            }  # fmt: skip
            return Response(said, headers=headers)

        etag = etag_of_state(request, newest, standing.names)
        return unless_known(request, etag, respond)
