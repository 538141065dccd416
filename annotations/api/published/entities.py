"""A record of the register, as what was published makes it known: itself and its mentions."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from annotations.api.http.etags import conditional
from annotations.api.http.pagination import LARGEST, PARAMETERS, SIZE, KeysetPages
from annotations.api.openapi.responses import READING, answers
from annotations.api.serializers.published import EntityDetailOutput
from annotations.api.views import PublishedView
from annotations.models import Kind
from annotations.queries.published import linked_graph
from annotations.queries.published.entities import published_mentions, published_record_on


class EntityDetail(PublishedView):
    parameters = PARAMETERS

    @extend_schema(
        operation_id="entities_read",
        summary="One record of the register with its approved mentions",
        description="Of a record that nothing published mentions, nothing is said.",
        parameters=[
            OpenApiParameter("cursor", str, description="From `next` of the page before. Opaque."),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": SIZE},
                description="How many mentions at most.",
            ),
        ],
        responses=answers({200: EntityDetailOutput, 304: None}, *READING),
    )
    def get(self, request: Request, desk: str, id: UUID) -> HttpResponseBase:  # noqa: ARG002
        found, pages = published_record_on(self.desk, id), KeysetPages()
        mentions = published_mentions(self.desk, found.record)
        document = {
            **linked_graph.entity_document(found.record),
            "mention_count": found.mention_count,
            "source_count": found.source_count,
            "mentions": linked_graph.shaped(
                self.desk,
                pages.paginate_queryset(mentions, request),
                linked_graph.SHAPES[Kind.ENTITY],
            ),
            "next": pages.next,
        }
        return conditional(request, document, headers=pages.link())
