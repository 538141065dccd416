"""Annotations with versions, spans, relations and events, all by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from annotations.models import EventType, User
from annotations.queries.annotation_json import first_version
from annotations.queries.annotations.validation_context import Wording
from annotations.queries.prepared_statements import rows_written, sql_beside
from annotations.services.tagging.validation import Said

_WRITE = sql_beside(__file__)


@dataclass(frozen=True)
class Writing:
    """A draft that was checked, with its author and the text that it stands on."""

    by: User
    source: UUID
    revision: Wording
    said: Said


def write(*, desk: UUID, writings: Sequence[Writing]) -> dict[UUID, str]:
    """The work JSON of those that were written, by id; the others' ids are in use.

    Events follow the order of `writings`.
    """
    now = timezone.now()
    rows = rows_written(
        _WRITE,
        {
            "desk": desk,
            "now": now,
            "event": EventType.ANNOTATION_CREATED.value,
            "drafts": msgspec.json.encode(list(map(_row, count(), writings))).decode(),
        },
    )
    new = {row[0] for row in rows}
    return {
        each.said.draft.id: _document(each, now) for each in writings if each.said.draft.id in new
    }


def _document(writing: Writing, at: datetime) -> str:
    draft = writing.said.draft
    return first_version(
        id=draft.id,
        kind=draft.kind,
        label=writing.said.label.name,
        selectors=writing.said.selectors,
        fields=writing.said.fields,
        relations=[(link.uid, link.type, link.to) for link in draft.links],
        source=writing.source,
        revision=writing.revision.number,
        sha256=writing.revision.sha256,
        author=writing.by,
        at=at,
        origin=draft.origin,
    )


def _row(position: int, writing: Writing) -> dict[str, Any]:
    said, draft = writing.said, writing.said.draft
    return {
        "position": position,
        "source": str(writing.source),
        "revision": writing.revision.row,
        "person": str(writing.by.id),
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
