"""`fields=`: less of each document. `include=`: what the documents lead to, beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from annotations.api.http.problems import BadQuery
from annotations.api.serializers.published import PublishedSourceOutput
from annotations.models import Desk
from annotations.queries.published import included

Document = dict[str, Any]

LONGEST = 500  # code points of either parameter
SELECTION = frozenset({"fields", "include"})
INCLUDABLE = ("entities", "relations", "source")
FIELDS = OpenApiParameter(
    "fields",
    description="Names of members, with commas between: each result has these and no others.",
)
INCLUDE = OpenApiParameter(
    "include",
    description="Any of `source`, `relations` and `entities`, with commas between: what the "
    "results lead to comes along under `included`, each once.",
)


def chosen_fields(request: Request, output: type[Serializer]) -> list[str] | None:
    """The members that are asked for; None for all. Raises BadQuery for one that there is not."""
    return _named(request, "fields", output().fields)


def trimmed(documents: Iterable[Document], fields: Sequence[str] | None) -> list[Document]:
    """Each with these members only."""
    if fields is None:
        return list(documents)
    return [{name: document[name] for name in fields} for document in documents]


def chosen_includes(request: Request) -> list[str] | None:
    """What shall come along; None when nothing was asked for. Raises BadQuery."""
    return _named(request, "include", INCLUDABLE)


def beside(desk: Desk, ids: Collection[UUID], includes: Sequence[str]) -> dict[str, list[Any]]:
    """What these published annotations lead to, by the kind of what it is."""
    found: dict[str, list[Any]] = {}
    linked = included.linked(desk, ids) if "relations" in includes else []
    if "relations" in includes:
        found["annotations"] = linked
    if "entities" in includes:
        found["entities"] = included.records_of(desk, ids, linked)
    if "source" in includes:
        sources = included.sources_of(desk, ids)
        found["sources"] = list(PublishedSourceOutput(sources, many=True).data)
    return found


def _named(request: Request, parameter: str, known: Collection[str]) -> list[str] | None:
    written = request.query_params.get(parameter)
    if written is None:
        return None
    names = list(dict.fromkeys(written[: LONGEST + 1].split(",")))
    unknown = [name for name in names if name not in known]
    if len(written) > LONGEST or unknown:
        raise BadQuery({parameter: [f"Choose from: {', '.join(sorted(known))}."]})
    return names
