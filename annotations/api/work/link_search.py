"""Finding annotations of the desk, to link to them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.http.problems import BadQuery
from annotations.api.http.query_parameters import MOST_NAMED, one_id, search_words, some_ids
from annotations.api.openapi.responses import ALWAYS, answers
from annotations.api.serializers.responses import FoundOutput
from annotations.api.views import WorkView
from annotations.models import Kind
from annotations.policy import Action
from annotations.queries.annotations.link_search import MOST_FOUND, Wanted, found, named


class WorkAnnotations(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK}
    parameters = frozenset({"q", "kind", "source", "exclude", "ids"})

    @extend_schema(
        operation_id="work_annotations_find",
        summary="Annotations of the whole desk by their words, fields and label, or by id",
        description=f"At most {MOST_FOUND} for `q`, newest first; what is there of `ids`.",
        parameters=[
            OpenApiParameter("q", str, description="Beginnings of words; all must be there."),
            OpenApiParameter("kind", str, description="One kind or several, with commas."),
            OpenApiParameter("source", UUID, description="Only in this source."),
            OpenApiParameter("exclude", UUID, description="Not in this source."),
            OpenApiParameter("ids", str, description=f"Up to {MOST_NAMED} ids, with commas."),
        ],
        responses=answers({200: FoundOutput(many=True)}, *ALWAYS),
    )
    def get(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        given = request.query_params
        if ("ids" in given) == ("q" in given):
            raise BadQuery({"q": ["Give either q or ids."]})
        if "ids" in given:
            return Response(named(self.desk, some_ids(given["ids"])))
        wanted = Wanted(
            q=search_words(given["q"]),
            kinds=_kinds(given.get("kind", "")),
            source=one_id("source", given.get("source")),
            exclude=one_id("exclude", given.get("exclude")),
        )
        return Response(found(self.desk, wanted))


def _kinds(written: str) -> list[str]:
    kinds = [kind for kind in written.split(",") if kind]
    if not set(kinds) <= set(Kind.values):
        raise BadQuery({"kind": [f"The kinds are: {', '.join(Kind.values)}."]})
    return kinds
