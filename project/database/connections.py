"""Connections that give up on a server that says nothing, for all of a process.

A server that is stopped or cut off is not gone: its sockets stay open, and neither
`statement_timeout` (which the server keeps) nor TCP's own timeouts (there are none for unix
sockets) end the waiting. So a statement that has had no answer for a while asks by a connection of
its own whether the server answers at all. While it does, the statement may take its time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.errors import ConnectionTimeout, _WaitTimeout

SILENCE = 2.0  # seconds until it is asked whether the server answers
LONGEST_SILENCE = 16.0  # seconds between two such questions of one statement
CONNECT_TIMEOUT = 2  # seconds, whole ones: as libpq has it, which takes 1 for 2
AWAY = 3.0  # seconds in which nobody tries to connect to a server that did not answer
MOMENT = 0.5  # seconds that the others wait for the one that tries
FRESH = 1.0  # seconds for which the answer to that question holds
NO_ANSWER = "the database does not answer"


class Server:
    """Whether the database answers, as this process knows. One thread asks for all."""

    def __init__(self) -> None:
        self._asking = Lock()
        self._asked_at = 0.0
        self._answered = True
        self._trying = Lock()
        self._away_until = 0.0

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Around connecting. After AWAY one thread tries, and the others hear what came of it.

        Raises OperationalError where it would be in vain.
        """
        if self._away_until == 0.0:
            yield
            return
        if self._is_away() or not self._trying.acquire(timeout=MOMENT):
            raise psycopg.OperationalError(NO_ANSWER)
        try:
            if self._is_away():
                raise psycopg.OperationalError(NO_ANSWER)
            yield
        finally:
            self._trying.release()

    def _is_away(self) -> bool:
        return time.monotonic() < self._away_until

    def is_silent(self) -> None:
        self._away_until = time.monotonic() + AWAY

    def is_back(self) -> None:
        self._away_until = 0.0

    def answers(self, conninfo: str, password: str) -> bool:
        """Whether a new connection is answered, in CONNECT_TIMEOUT."""
        with self._asking:
            if time.monotonic() - self._asked_at < FRESH:
                return self._answered
            self._answered = _is_answered(conninfo, password)
            self._asked_at = time.monotonic()
            if not self._answered:
                self.is_silent()
            return self._answered


server = Server()


class Connection(psycopg.Connection[Any]):
    """As psycopg's; what waits for a server that does not answer raises OperationalError."""

    @classmethod
    def connect(cls, conninfo: str = "", **parameters: Any) -> Connection:
        parameters.setdefault("connect_timeout", CONNECT_TIMEOUT)
        with server.trial():
            try:
                connection = super().connect(conninfo, **parameters)
            except ConnectionTimeout:
                server.is_silent()
                raise
            server.is_back()
            return connection

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        silence = SILENCE
        statement = _Resumed(gen)
        while True:
            try:
                return super().wait(statement, interval, silence)  # type: ignore[arg-type]
            except _WaitTimeout:
                silence = min(2 * silence, LONGEST_SILENCE)
                if not server.answers(self.info.dsn, self.info.password):
                    self.pgconn.finish()
                    raise psycopg.OperationalError(NO_ANSWER) from None


class _Resumed:
    """A statement under way, which may be waited for anew.

    Each wait begins with `next`, which must not go on as if something had arrived: what the
    statement waits for is still the same.
    """

    def __init__(self, gen: Any) -> None:
        self._gen = gen
        self._waits_for: Any = None

    def __iter__(self) -> _Resumed:
        return self

    def __next__(self) -> Any:
        return self.send(None) if self._waits_for is None else self._waits_for

    def send(self, ready: Any) -> Any:
        self._waits_for = self._gen.send(ready)
        return self._waits_for


def _is_answered(conninfo: str, password: str) -> bool:
    complete = make_conninfo(conninfo, password=password or None, connect_timeout=CONNECT_TIMEOUT)
    try:
        probe = psycopg.connect(complete)
    except psycopg.OperationalError as error:
        # One that refuses, because it has too many connections, answers.
        return not isinstance(error, ConnectionTimeout)
    probe.close()
    return True
