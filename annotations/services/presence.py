"""Being on a source, and leaving it: told to the streams of every process, never history.

Each writes by one statement, which is its own transaction.
"""

from __future__ import annotations

import json
from uuid import UUID

from annotations import policy
from annotations.database_names import Channel
from annotations.errors import Invalid
from annotations.models import Source, User
from annotations.policy import Action
from annotations.queries.live.presence import LASTS, Person
from annotations.queries.prepared_statements import rows_of

_BE = """
    WITH stale AS (
        DELETE FROM annotations_presence WHERE id IN (
            SELECT id FROM annotations_presence
            WHERE source_id = %(source)s AND user_id <> %(user)s AND seen_at < now() - %(lasts)s
            FOR UPDATE SKIP LOCKED)
    ), shown AS (
        SELECT length FROM annotations_revision
        WHERE source_id = %(source)s ORDER BY number DESC LIMIT 1
    ), here AS (
        INSERT INTO annotations_presence (source_id, user_id, start, "end", selected, seen_at)
        SELECT %(source)s, %(user)s, %(start)s, %(end)s, %(selected)s, now()
        FROM shown WHERE %(end)s <= length
        ON CONFLICT (source_id, user_id) DO UPDATE SET
            start = excluded.start, "end" = excluded."end", selected = excluded.selected,
            seen_at = excluded.seen_at
        RETURNING 1
    )
    SELECT pg_notify(%(channel)s, %(payload)s) FROM here
"""
_LEAVE = """
    WITH left_now AS (
        DELETE FROM annotations_presence WHERE source_id = %(source)s AND user_id = %(user)s
        RETURNING 1
    )
    SELECT pg_notify(%(channel)s, %(payload)s) FROM left_now
"""


def be_present(*, source: Source, by: User, start: int, end: int, selected: UUID | None) -> None:
    """This person has these code points of the newest text on screen. Raises Invalid, NotFound."""
    policy.require(by, source.desk, Action.READ_WORK)
    if not 0 <= start <= end:
        raise Invalid({"start": ["What is on screen begins before it ends."]})
    person = Person(by.pk, str(by), start, end, selected)
    values = {
        **_told(source, by, people=[person.document()], gone=[]),
        "start": start,
        "end": end,
        "selected": selected,
        "lasts": LASTS,
    }
    if not rows_of(_BE, values):
        raise Invalid({"end": ["The text is not that long."]})


def leave(*, source: Source, by: User) -> None:
    """This person reads the source no more. Raises NotFound."""
    policy.require(by, source.desk, Action.READ_WORK)
    rows_of(_LEAVE, _told(source, by, people=[], gone=[str(by.pk)]))


def _told(source: Source, by: User, **data: object) -> dict[str, object]:
    payload = json.dumps({"source": str(source.pk), **data}, ensure_ascii=False)
    return {"source": source.pk, "user": by.pk, "channel": Channel.PRESENCE, "payload": payload}
