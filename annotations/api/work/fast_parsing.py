"""Bodies that tag passages, read at once where there is no doubt about them.

The serializers (`inputs.py`) say what may be sent and name every mistake, field by field; that
takes longer than writing the tags. What is accepted here they accept with the same values. For
everything else the answer is None, which means no more than: ask them.
"""

from __future__ import annotations

import re
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from django.http import HttpRequest
from msgspec import UNSET, Meta, Struct, UnsetType

from annotations.api.http.json_parser import excess, largest_body
from annotations.api.serializers.fields import (
    LAST_OFFSET,
    LONGEST_EXACT,
    LONGEST_LABEL,
    MOST_LINKS,
    MOST_VALUES,
)
from annotations.models import Kind, RelationType
from annotations.models.identity import new_id
from annotations.services.tagging.annotations import MOST_AT_ONCE
from annotations.services.tagging.drafts import Draft, Link, Part
from annotations.services.tagging.validation import MOST_SPANS

# NUL and halves of pairs: some are wrong, and whole pairs are rare enough.
DOUBTFUL = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")

Offset = Annotated[int, Meta(ge=0, le=LAST_OFFSET)]
Value = str | Annotated[list[str], Meta(max_length=MOST_VALUES)] | None
Body = TypeVar("Body")


class _Span(Struct, forbid_unknown_fields=True):
    start: Offset
    end: Offset
    exact: Annotated[str, Meta(min_length=1, max_length=LONGEST_EXACT)] | UnsetType = UNSET


class _Link(Struct, forbid_unknown_fields=True):
    type: RelationType
    to: UUID


class _Annotation(Struct, forbid_unknown_fields=True):
    kind: Kind
    label: Annotated[str, Meta(max_length=LONGEST_LABEL)]
    spans: Annotated[list[_Span], Meta(max_length=MOST_SPANS)]
    id: UUID | UnsetType = UNSET
    fields: Annotated[dict[str, Value], Meta(max_length=MOST_VALUES)] = {}
    relations: Annotated[list[_Link], Meta(max_length=MOST_LINKS)] = []


class _Item(_Annotation, kw_only=True, forbid_unknown_fields=True):
    id: UUID


class _Batch(Struct, forbid_unknown_fields=True):
    annotations: Annotated[list[_Item], Meta(min_length=1, max_length=MOST_AT_ONCE)]


_ANNOTATION = msgspec.json.Decoder(_Annotation)
_BATCH = msgspec.json.Decoder(_Batch)


def quick_draft(request: HttpRequest) -> Draft | None:
    """The body of one annotation, if there is no doubt about it."""
    said = _decoded(request, _ANNOTATION)
    return _draft(said) if said else None


def quick_drafts(request: HttpRequest) -> list[Draft] | None:
    """The body of a batch, if there is no doubt about any of it."""
    said = _decoded(request, _BATCH)
    drafts = [_draft(each) for each in said.annotations] if said else [None]
    return [draft for draft in drafts if draft] if all(drafts) else None


def _decoded(request: HttpRequest, decoder: msgspec.json.Decoder[Body]) -> Body | None:
    if request.content_type != "application/json":
        return None
    body = request.body
    if len(body) > largest_body() or DOUBTFUL.search(body) or excess(body):
        return None
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _draft(said: _Annotation) -> Draft | None:
    label = said.label.strip()
    if not label:
        return None
    return Draft(
        kind=said.kind.value,
        label=label,
        parts=[Part(span.start, span.end, span.exact or None) for span in said.spans],
        fields=said.fields,
        links=[Link(link.type, link.to) for link in said.relations],
        id=said.id or new_id(),
    )
