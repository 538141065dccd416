"""The read side of the Web Annotation Protocol (W3C Recommendation, 23 February 2017).

A desk's and a source's published annotations are containers (§4). Nothing is written by it, so that
Accept-Post is not there and Allow names what reads (§4.1).
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.http.etags import conditional
from annotations.api.http.problems import BadQuery
from annotations.api.http.query_parameters import an_id
from annotations.api.openapi.responses import READING, answers
from annotations.api.views import PublishedView
from annotations.exporters.linked_data.annotation_container import (
    Container,
    container_document,
    page_document,
)
from annotations.exporters.linked_data.web_annotation import MEDIA_TYPE
from annotations.models import Annotation
from annotations.queries.published.annotations import (
    published,
    published_count,
    published_source_on,
    publisher_of,
)
from annotations.queries.published.containers import Place, page_after

MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"
INCLUDED = re.compile(r'\breturn\s*=\s*"?representation"?\s*;\s*include\s*=\s*"([^"]*)"', re.I)
TYPE_OF_CONTAINER = (
    '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type", '
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
TYPE_OF_PAGE = '<http://www.w3.org/ns/ldp#Resource>; rel="type"'
FIRST = "first"
LONGEST_INDEX = 12  # digits
PAGE = OpenApiParameter("page", description="From an address in the container. Opaque.")
ITEMS = OpenApiParameter("iris", enum=["0", "1"], description="1 for addresses instead of items.")
PREFER = OpenApiParameter(
    "Prefer",
    location=OpenApiParameter.HEADER,
    description='`return=representation;include="…"` with the addresses of what is preferred '
    f"(§4.2): `{MINIMAL}`, `{IRIS}` or, as without it, `{DESCRIPTIONS}`.",
)


class LinkedData(JSONRenderer):
    """The only representation of a container, so that it is the default too (§4.1)."""

    media_type = "application/ld+json"
    format = "jsonld"


class ReadByProtocol(PublishedView):
    """GET, HEAD and OPTIONS, as §3.1 and §4.1 want."""

    http_method_names = ["get", "head", "options"]

    def options(self, request: Any, *_args: Any, **_kwargs: Any) -> Response:  # noqa: ARG002
        """What may be done here is in Allow."""
        return Response()


class ContainerView(ReadByProtocol):
    renderer_classes = (LinkedData,)
    parameters = frozenset({"page", "iris"})

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        patch_vary_headers(response, ["Accept", "Prefer"])
        is_page = "page" in request.query_params
        response.headers["Link"] = TYPE_OF_PAGE if is_page else TYPE_OF_CONTAINER
        return super().finalize_response(request, response, *args, **kwargs)

    def answer(
        self, request: Request, rows: QuerySet[Annotation], label: str, total: int
    ) -> HttpResponseBase:
        preferred = _preferred(request)
        container = Container(
            iri=f"{settings.PUBLIC_URL}{request.path}",
            base_iri=publisher_of(self.desk).base_iri,
            label=label,
            total=total,
            as_iris=_as_iris(request, preferred),
        )
        written = request.query_params.get("page")
        after = None if written in (None, FIRST) else _place(written)
        page = page_after(rows, after, total)
        document = (
            container_document(container, page, minimal=MINIMAL in preferred)
            if written is None
            else page_document(container, page)
        )
        headers = {"Content-Location": document["id"]}
        if preferred:
            headers["Preference-Applied"] = "return=representation"
        return conditional(request, document, content_type=MEDIA_TYPE, headers=headers)


class DeskContainer(ContainerView):
    @extend_schema(
        operation_id="container_of_desk",
        summary="All approved annotations as a W3C container",
        parameters=[PAGE, ITEMS, PREFER],
        responses=answers({(200, "application/ld+json"): OpenApiTypes.OBJECT, 304: None}, *READING),
    )
    def get(self, request: Request, desk: str) -> HttpResponseBase:  # noqa: ARG002
        label = f"Approved annotations of {self.desk.name}"
        return self.answer(request, published(self.desk), label, published_count(self.desk))


class SourceContainer(ContainerView):
    @extend_schema(
        operation_id="container_of_source",
        summary="The approved annotations of one source as a W3C container",
        parameters=[PAGE, ITEMS, PREFER],
        responses=answers({(200, "application/ld+json"): OpenApiTypes.OBJECT, 304: None}, *READING),
    )
    def get(self, request: Request, desk: str, id: UUID) -> HttpResponseBase:  # noqa: ARG002
        source = published_source_on(self.desk, id)
        label = f"Approved annotations of “{source.title}”"
        rows = published(self.desk).filter(publication__source=source)
        return self.answer(request, rows, label, source.tally.published)


def _preferred(request: Request) -> frozenset[str]:
    """The addresses that Prefer includes (RFC 7240, LDP §7.2); what is not known is left out."""
    match = INCLUDED.search(request.headers.get("Prefer", ""))
    named = match[1].split() if match else []
    return frozenset(named) & {MINIMAL, IRIS, DESCRIPTIONS}


def _place(written: str) -> Place:
    """Raises BadQuery."""
    id, dot, index = written.partition(".")
    if dot and not (index.isascii() and index.isdigit() and len(index) < LONGEST_INDEX):
        raise BadQuery({"page": ["This is no page of this container."]})
    return Place(an_id("page", id), int(index) if dot else None)


def _as_iris(request: Request, preferred: frozenset[str]) -> bool:
    """The address decides where it says so; else what is preferred, else whole descriptions."""
    written = request.query_params.get("iris")
    if written not in (None, "0", "1"):
        raise BadQuery({"iris": ["This must be 0 or 1."]})
    if written is not None:
        return written == "1"
    return IRIS in preferred and DESCRIPTIONS not in preferred
