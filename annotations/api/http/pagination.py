"""Pages that stay true while rows come and go: each begins after the last row of the one before."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework.pagination import BasePagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from annotations.api.http.problems import BadQuery

SIZE = 50
LARGEST = 100


class KeysetPages(BasePagination):
    """By ascending id. A cursor is the id of the last row that was seen, however it is written."""

    field = "id"
    key = ""  # the same in the table whose index has the rows in order; else `field`
    ascending = True
    read: Callable[[str], Any] = UUID

    def paginate_queryset(
        self,
        queryset: QuerySet | Sequence,
        request: Request,
        view: APIView | None = None,  # noqa: ARG002
    ) -> list[Any]:
        """The keys of the page's rows, in order; one statement."""
        if not isinstance(queryset, QuerySet):
            raise TypeError("These pages are cut by the database.")
        return self.turned(list(self.cut(queryset, request).values_list(self.field, flat=True)))

    def cut(self, queryset: QuerySet, request: Request) -> QuerySet:
        """The rows of the page in order, and one more if there is another page."""
        return self.following(queryset, request)[: self.size + 1]

    def following(self, queryset: QuerySet, request: Request) -> QuerySet:
        """All rows after the cursor, in order."""
        self.request = request
        self.size = page_size(request)
        after = self._position(request)
        if after is not None:
            side = "gt" if self.ascending else "lt"
            queryset = queryset.filter(**{f"{self.key or self.field}__{side}": after})
        order = self.field if self.ascending else f"-{self.field}"
        return queryset.order_by(order)

    def turned(self, keys: list[Any]) -> list[Any]:
        """The keys of the page, from those of what was cut; `next` is known from now on."""
        self.next = None
        if len(keys) > self.size:
            last = str(keys[self.size - 1]).encode()
            cursor = base64.urlsafe_b64encode(last).decode().rstrip("=")
            self.next = replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)
        return keys[: self.size]

    def get_paginated_response(
        self, data: Any, *, headers: Mapping[str, str] | None = None
    ) -> Response:
        said = {"next": self.next, "results": data}
        return Response(said, headers={**(headers or {}), **self.link()})

    def written(self, results: bytes, *, included: Any = None) -> HttpResponse:
        """As get_paginated_response, for results that are JSON already."""
        said = [b'{"next":', json.dumps(self.next).encode(), b',"results":', results]
        if included is not None:
            said += [b',"included":', JSONRenderer().render(included)]
        return HttpResponse(
            b"".join([*said, b"}"]), content_type=JSONRenderer.media_type, headers=self.link()
        )

    def link(self) -> dict[str, str]:
        """The Link header (RFC 8288) to the next page, if there is one."""
        return {"Link": f'<{self.next}>; rel="next"'} if self.next else {}

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": "string",
                    "format": "uri",
                    "nullable": True,
                    "description": "The address of the next page; null on the last.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:  # noqa: ARG002
        return [
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string", "minLength": 1},
                "description": "From `next` of the page before. Opaque.",
            },
            {
                "name": "page_size",
                "in": "query",
                "schema": whole_schema(1, LARGEST, default=SIZE),
                "description": "How many at most.",
            },
        ]

    def _position(self, request: Request) -> Any:
        cursor = request.query_params.get("cursor")
        if cursor is None:
            return None
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            return type(self).read(base64.urlsafe_b64decode(padded).decode())
        except ValueError as error:
            raise BadQuery({"cursor": ["This is no cursor of this list."]}) from error


class PassagePages(KeysetPages):
    """Of published annotations. What the results lead to may come along."""

    key = "publication__annotation"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        page["properties"]["included"] = {"$ref": "#/components/schemas/IncludedOutput"}
        return page


class NewestReleasesFirst(KeysetPages):
    field = "number"
    ascending = False
    read = int


PARAMETERS = frozenset({"cursor", "page_size"})


def page_size(request: Request) -> int:
    """Raises BadQuery for anything but 1 to 100."""
    return whole(request, "page_size", default=SIZE, least=1, most=LARGEST)


def whole(request: Request, name: str, *, default: int, least: int, most: int) -> int:
    """A whole number among the query parameters. Raises BadQuery."""
    written = request.query_params.get(name, str(default))
    if not (written.isascii() and written.isdigit() and len(written) < 20):
        raise BadQuery({name: ["This must be a whole number."]})
    if not least <= int(written) <= most:
        raise BadQuery({name: [f"This must be from {least} to {most}."]})
    return int(written)


def whole_schema(least: int, most: int, *, default: int | None = None) -> dict[str, Any]:
    """How the OpenAPI document says what `whole` reads."""
    said = {"type": "integer", "minimum": least, "maximum": most}
    return said if default is None else {**said, "default": default}


def by_key(rows: QuerySet[Model], keys: list[Any], field: str = "id") -> QuerySet[Any]:
    """The rows of a page."""
    return rows.filter(**{f"{field}__in": keys})
