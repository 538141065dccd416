"""Annotations with versions, spans, relations and events, all by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from annotations.models import EventType, User
from annotations.queries.documents import first_version
from annotations.queries.statements import rows_written, sql_beside
from annotations.queries.tagging import Wording
from annotations.services.checks import Said

_WRITE = sql_beside(__file__)


def write(
    *, desk: UUID, source: UUID, revision: Wording, by: User, said: Sequence[Said]
) -> dict[UUID, str]:
    """The work JSON of those that were written, by id; the others' ids are in use.

    Events follow the order of `said`.
    """
    now = timezone.now()
    rows = rows_written(
        _WRITE,
        {
            "desk": desk,
            "source": source,
            "revision": revision.row,
            "person": by.id,
            "now": now,
            "event": EventType.ANNOTATION_CREATED.value,
            "drafts": msgspec.json.encode(list(map(_row, count(), said))).decode(),
        },
    )
    new = {row[0] for row in rows}
    return {
        each.draft.id: first_version(
            id=each.draft.id,
            kind=each.draft.kind,
            label=each.label.name,
            selectors=each.selectors,
            fields=each.fields,
            relations=[(link.uid, link.type, link.to) for link in each.draft.links],
            source=source,
            revision=revision.number,
            sha256=revision.sha256,
            author=by,
            at=now,
            origin=each.draft.origin,
        )
        for each in said
        if each.draft.id in new
    }


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
