"""Failures of the database and of the disk, which are nobody's mistake and may end by themselves.

They are 503 or 507 and say when to try again, for the API as for pages.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from http import HTTPStatus

import psycopg
from django.db import Error as DjangoError
from django.db import InterfaceError, OperationalError

RETRY_AFTER = 5  # seconds
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
DISK_FULL = "53100"
TOO_SLOW = frozenset({"57014", "55P03", "40001", "40P01"})  # timeouts, and locks in a circle
READ_ONLY = "25006"
LOST = (OperationalError, InterfaceError)  # of the connection itself: the server said nothing
# Classes of SQLSTATE: connection, resources, operator intervention, system error.
AWAY = ("08", "53", "57", "58")


@dataclass(frozen=True)
class Outage:
    """How it is answered; the sentence is for people."""

    status: HTTPStatus
    sentence: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}


DATABASE_AWAY = Outage(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The database does not answer right now. Try again in a few seconds.",
)
DATABASE_SLOW = Outage(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "This took longer than a request may. Try again in a few seconds.",
)
NO_SPACE = Outage(
    HTTPStatus.INSUFFICIENT_STORAGE,
    "There is no space left on the server to store this. Contact the administrator.",
)


def outage_of(error: BaseException | None) -> Outage | None:
    """What has failed beside our own code; None for every other error."""
    if isinstance(error, OSError):
        return NO_SPACE if error.errno in NO_ROOM else None
    if isinstance(error, DjangoError) and isinstance(error.__cause__, psycopg.Error):
        error = error.__cause__
    if isinstance(error, psycopg.Error) and error.sqlstate:
        return _by_state(error.sqlstate)
    lost = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError, *LOST))
    return DATABASE_AWAY if lost else None


def _by_state(state: str) -> Outage | None:
    if state == DISK_FULL:
        return NO_SPACE
    if state in TOO_SLOW:
        return DATABASE_SLOW
    return DATABASE_AWAY if state.startswith(AWAY) or state == READ_ONLY else None
