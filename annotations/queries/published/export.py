"""All that a desk published as it is at one moment, streamed as JSON Lines (jsonlines.org).

PostgreSQL writes the lines and COPY hands them over, so that an export takes as much memory for a
million annotations as for a thousand. It reads one snapshot on a connection of its own: a reader
who is slow holds neither a thread nor a connection of those who serve requests. Because a snapshot
keeps the database from clearing away what is older, few exports run at once and none for ever.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import BoundedSemaphore, Lock
from typing import Any, Final

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from annotations.models import Desk
from annotations.queries.annotation_json import PUBLISHED
from annotations.queries.published.cache_state import LAST_PUBLIC_EVENT

MOST_AT_ONCE = 2  # in each process
LONGEST = 900  # seconds
BLOCK = 1 << 18  # bytes, about
LINE_ENDS = {
    "\x85".encode(): b"\\u0085",
    "\u2028".encode(): b"\\u2028",
    "\u2029".encode(): b"\\u2029",
}

# Rows are put in order before their lines are written: sorting a million lines would fill a disk
# before the first is sent. JSON has no control characters, so that with these nothing is quoted and
# each line is as it is.
_LINES: Final = sql.SQL(
    """COPY (
        SELECT {document} FROM (
            SELECT * FROM annotations_annotation
            WHERE desk_id = {desk} AND published_id IS NOT NULL ORDER BY id OFFSET 0
        ) annotations_annotation
    ) TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02', ENCODING 'UTF8')"""
)
_SNAPSHOT: Final = sql.SQL(
    "SET TIME ZONE 'UTC'; SET statement_timeout = {longest};"
    "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
)
_CURSOR: Final = LAST_PUBLIC_EVENT

_free = BoundedSemaphore(MOST_AT_ONCE)


class TooManyExports(Exception):
    """This process reads as many as it may already."""


class Export:
    """Blocks of whole lines, one published annotation each, by id; read once, and closed.

    `cursor` is where the feed of changes goes on from: the last public event of the same snapshot.
    Raises TooManyExports. May be read and closed by different threads.
    """

    cursor: int

    def __init__(self, desk: Desk) -> None:
        self._lock = Lock()
        self._place = _free
        self._is_open = self._place.acquire(blocking=False)
        if not self._is_open:
            raise TooManyExports
        self._raw: psycopg.Connection[Any] | None = None
        try:
            self._raw = _connected()
            row = self._raw.execute(_CURSOR, [desk.pk]).fetchone()
            self.cursor = row[0] if row else 0
            self._blocks = _blocks(self._raw, lines_of(desk))
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with self._lock:
            if not self._is_open:
                raise StopIteration
            return next(self._blocks)

    def close(self) -> None:
        """Waits for the block that is being read. Closing twice does nothing."""
        with self._lock:
            if not self._is_open:
                return
            self._is_open = False
            try:
                if self._raw is not None:
                    self._raw.close()
            finally:
                self._place.release()

    def __del__(self) -> None:
        self.close()


def lines_of(desk: Desk) -> sql.Composed:
    """The statement that writes a line for each published annotation, by id."""
    return _LINES.format(document=sql.SQL(PUBLISHED), desk=desk.pk)


def _connected() -> psycopg.Connection[Any]:
    """In a transaction that sees what is there now, and no more."""
    database = connections[DEFAULT_DB_ALIAS]
    address = database.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    connect = database.Database.connect  # type: ignore[attr-defined]
    raw: psycopg.Connection[Any] = connect(**address, autocommit=True)
    raw.execute(_SNAPSHOT.format(longest=LONGEST * 1000), prepare=False)
    return raw


def _blocks(raw: psycopg.Connection[Any], statement: sql.Composed) -> Iterator[bytes]:
    """Raises psycopg.OperationalError when it takes longer than LONGEST."""
    ends = time.monotonic() + LONGEST
    block = bytearray()
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for line in copy:
            block += line
            if len(block) >= BLOCK:
                yield _lines(block)
                block.clear()
                if time.monotonic() > ends:
                    raise psycopg.OperationalError("This export takes too long.")
    if block:
        yield _lines(block)


def _lines(block: bytearray) -> bytes:
    """The lines with escapes where a reader that follows Unicode would end one."""
    for end, escape in LINE_ENDS.items():
        block = block.replace(end, escape)
    return bytes(block)
