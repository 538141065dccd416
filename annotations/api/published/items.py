"""One claim or one quote: in its own shape, or in the words of schema.org."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from annotations.api.http.etags import conditional
from annotations.api.openapi.responses import READING, answers
from annotations.api.published.annotation_protocol import LinkedData
from annotations.api.serializers.published import (
    ClaimOutput,
    QuoteOutput,
)
from annotations.api.views import PublishedView
from annotations.errors import NotFound
from annotations.exporters import Publisher, Record
from annotations.exporters.linked_data import schema_org
from annotations.models import Kind
from annotations.queries.published import linked_graph
from annotations.queries.published.annotations import (
    published_document_on,
    published_source_on,
    publisher_of,
    source_record,
)

Document = dict[str, Any]
Written = Callable[[Record, Sequence[schema_org.Named], Publisher], Document]


# In the words of schema.org, with the member of the shape that holds who or what it is about.
IN_SCHEMA_ORG: Mapping[Kind, tuple[Written, str]] = {
    Kind.CLAIM: (schema_org.claim, "about"),
    Kind.QUOTE: (schema_org.quotation, "said_by"),
}


class ShapedDetail(PublishedView):
    renderer_classes = (JSONRenderer, LinkedData)
    kind: Kind

    def answer(self, request: Request, id: UUID) -> HttpResponseBase:
        document = published_document_on(self.desk, id)
        shaped = linked_graph.shaped(self.desk, [id], linked_graph.SHAPES[self.kind])
        if document["kind"] != self.kind or not shaped:
            raise NotFound(f"There is no such published {self.kind} on this desk.")
        if request.accepted_renderer.format == LinkedData.format:
            return conditional(request, self._linked_data(document, shaped[0]))
        return conditional(request, shaped[0])

    def _linked_data(self, document: Document, shaped: Document) -> Document:
        source = published_source_on(self.desk, UUID(document["source"]))
        record = Record.from_document(document, source_record(source))
        written, member = IN_SCHEMA_ORG[self.kind]
        return written(
            record, [_named(mention) for mention in shaped[member]], publisher_of(self.desk)
        )


class ClaimDetail(ShapedDetail):
    kind = Kind.CLAIM

    @extend_schema(
        operation_id="claims_read",
        summary="One approved claim",
        description="As JSON, or for `Accept: application/ld+json` as a schema.org ClaimReview; "
        "without a verdict as a schema.org Claim.",
        responses=answers(
            {
                (200, "application/json"): ClaimOutput,
                (200, "application/ld+json"): OpenApiTypes.OBJECT,
                304: None,
            },
            *READING,
        ),
    )
    def get(self, request: Request, desk: str, id: UUID) -> HttpResponseBase:  # noqa: ARG002
        return self.answer(request, id)


class QuoteDetail(ShapedDetail):
    kind = Kind.QUOTE

    @extend_schema(
        operation_id="quotes_read",
        summary="One approved quote",
        description="As JSON, or for `Accept: application/ld+json` as a schema.org Quotation.",
        responses=answers(
            {
                (200, "application/json"): QuoteOutput,
                (200, "application/ld+json"): OpenApiTypes.OBJECT,
                304: None,
            },
            *READING,
        ),
    )
    def get(self, request: Request, desk: str, id: UUID) -> HttpResponseBase:  # noqa: ARG002
        return self.answer(request, id)


def _named(mention: Document) -> schema_org.Named:
    """By its record of the register, else by its words."""
    record = mention["entity"]
    if record is None:
        return schema_org.Named(" … ".join(mention["exact"]), "")
    return schema_org.Named(record["name"], record["type"], record["wikidata"] or "")
