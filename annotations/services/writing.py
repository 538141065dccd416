"""Annotations with versions, spans, relations and events, all by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from annotations.models import EventType
from annotations.queries.statements import rows_of, sql_beside
from annotations.services.checks import Said

_WRITE = sql_beside(__file__)


def write(
    *, desk: UUID, source: UUID, revision: int, person: UUID, said: Sequence[Said]
) -> set[UUID]:
    """The ids of those that were written; the others' ids are in use. Events follow their order."""
    drafts = [_row(position, each) for position, each in enumerate(said)]
    values = {
        "desk": desk,
        "source": source,
        "revision": revision,
        "person": person,
        "now": timezone.now(),
        "event": EventType.ANNOTATION_CREATED.value,
        "drafts": msgspec.json.encode(drafts).decode(),
    }
    return {row[0] for row in rows_of(_WRITE, values)}


def _row(position: int, said: Said) -> dict[str, Any]:
    draft = said.draft
    return {
        "position": position,
        "id": str(draft.id),
        "kind": draft.kind,
        "origin": draft.origin,
        "label": said.label.pk,
        "fields": said.fields,
        "spans": [
            {
                "start": s.start,
                "end": s.end,
                "exact": s.exact,
                "prefix": s.prefix,
                "suffix": s.suffix,
            }
            for s in said.selectors
        ],
        "links": [
            {"uid": str(link.uid), "type": link.type.value, "to": str(link.to)}
            for link in draft.links
        ],
    }
