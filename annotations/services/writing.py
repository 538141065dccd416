"""Annotations with versions, spans, relations and events, all by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from annotations.models import EventType
from annotations.queries.annotations import TEXTS, WorkText
from annotations.queries.statements import rows_of_both, sql_beside
from annotations.services.checks import Said

_WRITE = sql_beside(__file__)


def write(
    *,
    desk: UUID,
    source: UUID,
    revision: int,
    person: UUID,
    said: Sequence[Said],
    ids: Sequence[UUID],
) -> tuple[set[UUID], list[WorkText]]:
    """The ids of those that were written; the others' are in use. Events follow their order.

    And the work JSON of `ids`, those that were not written too.
    """
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
    written, texts = rows_of_both((_WRITE, values), (TEXTS, {"ids": list(ids)}))
    return {row[0] for row in written}, [WorkText(*row) for row in texts]


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
