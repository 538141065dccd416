"""How far a desk has come with what it publishes: cheap to read, and all that its lists depend on.

Sources, labels and records of the register do not change, and no page is of the time of day.
"""

from __future__ import annotations

from dataclasses import dataclass

from annotations.models import PUBLIC_EVENTS, Desk
from annotations.queries.prepared_statements import rows_of

_PUBLIC = ", ".join(f"'{each.value}'" for each in PUBLIC_EVENTS)
# For a program that keeps a cursor of its own; what is done in secret does not move it.
LAST_PUBLIC_EVENT = f"""
    SELECT seq FROM annotations_event
    WHERE desk_id = %s AND type IN ({_PUBLIC}) ORDER BY seq DESC LIMIT 1
"""  # noqa: S608 - our own words
_STANDING = f"""
    SELECT
        coalesce((
            SELECT seq FROM annotations_event
            WHERE desk_id = %(desk)s::uuid AND type IN ({_PUBLIC}) ORDER BY seq DESC LIMIT 1), 0),
        coalesce((
            SELECT number FROM annotations_release
            WHERE desk_id = %(desk)s::uuid ORDER BY number DESC LIMIT 1), 0),
        coalesce((SELECT count FROM annotations_newnames), 0)
"""  # noqa: S608 - our own words


@dataclass(frozen=True)
class Standing:
    """The last public event, the last release, and how often names changed.

    What is read later includes all of it. None of the numbers ever goes back.
    """

    published: int
    release: int
    names: int


def standing_of(desk: Desk) -> Standing:
    """Of the desk now; one statement."""
    [row] = rows_of(_STANDING, {"desk": desk.pk})
    return Standing(*row)
