"""Who is to be woken when something happens on a desk."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import structlog
from django.db import connections

CHANNEL = "imprimatur_events"  # the ledger's trigger notifies it; the payload is the desk's id
NAME = "imprimatur live"  # as pg_stat_activity shows the connection
PATIENCE = 20.0  # seconds of silence after which the connection is tried
PAUSE = 1.0  # seconds before another try to connect

log = structlog.get_logger(__name__)


class Bell:
    """Rings for one stream; rings that nobody waited for are not lost."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    def clear(self) -> None:
        self._event.clear()

    async def rings_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        return True


class Hub:
    """The process's streams, woken by one LISTEN connection that lives while there are any."""

    def __init__(self) -> None:
        self.stopped = False
        self._bells: dict[Bell, tuple[UUID, UUID]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """End all streams, now and later; may be called from a signal handler or another thread."""
        self.stopped = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring)

    def count(self, user_id: UUID) -> int:
        """How many streams this person has open."""
        return Counter(user for _, user in self._bells.values())[user_id]

    @contextmanager
    def subscribe(self, desk_id: UUID, user_id: UUID) -> Iterator[Bell]:
        """A bell that rings when something happens on the desk, and when all streams are to end."""
        bell = Bell()
        self._bells[bell] = (desk_id, user_id)
        self._loop = asyncio.get_running_loop()
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._listen())
        try:
            yield bell
        finally:
            del self._bells[bell]
            if not self._bells and self._task is not None:
                self._task.cancel()
                self._task = None

    def _ring(self, desk: str | None = None) -> None:
        for bell, (desk_id, _) in self._bells.items():
            if desk is None or desk == str(desk_id):
                bell.ring()

    async def _listen(self) -> None:
        while not self.stopped:
            try:
                await self._hear()
            except (psycopg.Error, OSError) as error:
                log.warning("live.listener_lost", reason=str(error))
                await asyncio.sleep(PAUSE)

    async def _hear(self) -> None:
        """Ring for each notification until the connection fails. Raises psycopg.Error, OSError."""
        listener = await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True)
        async with listener:
            await listener.execute(f"LISTEN {CHANNEL}")
            self._ring()  # for what happened while nobody listened
            while not self.stopped:
                async for notification in listener.notifies(timeout=PATIENCE):
                    self._ring(notification.payload)
                await listener.execute("SELECT 1")


def _parameters() -> dict[str, Any]:
    """How to connect to the database that Django uses, without Django's own cursors."""
    parameters = connections["default"].get_connection_params()
    own = {"cursor_factory", "context", "prepare_threshold"}
    chosen = {name: value for name, value in parameters.items() if name not in own}
    return {**chosen, "application_name": NAME}
