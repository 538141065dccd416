"""What was retracted and how two releases differ, by the ledger, which has all approvals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BooleanField, IntegerField
from django.db.models.expressions import RawSQL

from annotations.errors import NotFound
from annotations.models import Desk, Event, EventType, Release

CHUNK = 1_000  # rows fetched at once while streaming
APPROVED, WITHDRAWN = EventType.ANNOTATION_APPROVED, EventType.ANNOTATION_WITHDRAWN

# Those cut between the first approval after the retraction before, if any, and this one.
_STOOD_IN: Final = """
    ARRAY(SELECT release.number FROM annotations_release release
        WHERE release.desk_id = annotations_event.desk_id
            AND release.ledger_seq < annotations_event.seq
            AND release.ledger_seq >= (
                SELECT min(approval.seq) FROM annotations_event approval
                WHERE approval.annotation_id = annotations_event.annotation_id
                    AND approval.type = %s AND approval.seq < annotations_event.seq
                    AND approval.seq > coalesce((
                        SELECT max(earlier.seq) FROM annotations_event earlier
                        WHERE earlier.annotation_id = annotations_event.annotation_id
                            AND earlier.type = %s AND earlier.seq < annotations_event.seq), 0))
        ORDER BY release.number)
"""
_PUBLISHED: Final = """
    EXISTS (SELECT FROM annotations_annotation again
        WHERE again.id = annotations_event.annotation_id AND again.published_id IS NOT NULL)
"""
_DIFFERENCES: Final = """
    WITH now AS (
        SELECT DISTINCT ON (annotation_id) annotation_id, type, version, note
        FROM annotations_event
        WHERE desk_id = %(desk)s AND seq > %(earlier)s AND seq <= %(later)s
            AND type IN (%(approved)s, %(withdrawn)s)
        ORDER BY annotation_id, seq DESC
    ), moved AS (
        SELECT now.annotation_id AS id,
            CASE WHEN was.type = %(approved)s THEN was.version END AS was_version,
            CASE WHEN now.type = %(approved)s THEN now.version END AS version,
            CASE WHEN now.type = %(withdrawn)s THEN now.note ELSE '' END AS reason
        FROM now LEFT JOIN LATERAL (
            SELECT type, version FROM annotations_event before
            WHERE before.annotation_id = now.annotation_id AND before.seq <= %(earlier)s
                AND before.type IN (%(approved)s, %(withdrawn)s)
            ORDER BY before.seq DESC LIMIT 1) was ON TRUE
    )
    SELECT id, was_version, version, reason, CASE
            WHEN was_version IS NULL THEN 'added'
            WHEN version IS NULL THEN 'retracted' ELSE 'changed' END AS change
    FROM moved WHERE was_version IS DISTINCT FROM version
"""


@dataclass(frozen=True)
class Retraction:
    """`version` was published until `at`; `releases` are the numbers of those that have it."""

    id: str
    version: int
    reason: str
    at: datetime
    releases: list[int]
    published_again: bool


@dataclass(frozen=True)
class Difference:
    """`change` is added, changed or retracted; the versions are those of the two releases."""

    id: UUID
    was_version: int | None
    version: int | None
    reason: str
    change: str


@dataclass(frozen=True)
class Differences:
    """Some of the differences, in the order of ids, and how many there are of each sort in all."""

    counts: dict[str, int]
    changes: list[Difference]
    next: UUID | None


def retractions_until(desk: Desk, seq: int) -> Iterator[Retraction]:
    """All retractions up to this place in the ledger, in its order, streamed; one statement."""
    events = Event.objects.filter(desk=desk, type=WITHDRAWN, seq__lte=seq).order_by("seq")
    stood_in = RawSQL(_STOOD_IN, [APPROVED, WITHDRAWN], ArrayField(IntegerField()))  # noqa: S611
    again = RawSQL(_PUBLISHED, [], BooleanField())  # noqa: S611 - constants, both
    rows = events.values_list("annotation_id", "version", "note", "at", stood_in, again)
    for id, version, note, at, releases, published_again in rows.iterator(CHUNK):
        yield Retraction(str(id), version, note, at, releases, published_again)


def differences(earlier: Release, later: Release, *, after: UUID | None, limit: int) -> Differences:
    """What `later` says otherwise than `earlier`, at most `limit` of it behind the id `after`.

    Two statements. Raises NotFound where it is not known what a release held, or for the wrong
    order.
    """
    if earlier.ledger_seq is None or later.ledger_seq is None:
        raise NotFound("One of these releases was cut before differences were kept.")
    if earlier.number > later.number:
        raise NotFound("Compare a release with an earlier one.")
    said: dict[str, Any] = {
        "desk": later.desk_id, "earlier": earlier.ledger_seq, "later": later.ledger_seq,
        "approved": APPROVED, "withdrawn": WITHDRAWN, "after": after, "limit": limit + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT change, count(*) FROM ({_DIFFERENCES}) d GROUP BY 1", said)  # noqa: S608
        counts = {"added": 0, "changed": 0, "retracted": 0} | dict(cursor.fetchall())
        behind = "TRUE" if after is None else "id > %(after)s"
        cursor.execute(
            f"SELECT * FROM ({_DIFFERENCES}) d WHERE {behind} ORDER BY id LIMIT %(limit)s",  # noqa: S608
            said,
        )
        found = [Difference(*row) for row in cursor.fetchall()]
    more = len(found) > limit
    return Differences(counts, found[:limit], found[limit - 1].id if more else None)


def differences_from_the_one_before(release: Release, *, limit: int) -> Differences | None:
    """None for the first release, and where it is not known what one held; three statements."""
    before = Release.objects.filter(
        desk=release.desk_id, number=release.number - 1, ledger_seq__isnull=False
    ).first()
    if before is None or release.ledger_seq is None:
        return None
    return differences(before, release, after=None, limit=limit)
