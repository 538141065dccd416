"""Whose turn it is to be served: some at once, some waiting, no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Busy(Exception):
    """As many wait as may, or this one has waited for as long as it may."""


class Gone(Exception):
    """The client left before its turn."""


class Turns:
    """Requests that may run at once, and a bounded queue of those that wait, in order.

    A client that leaves the queue leaves no work behind. To run at once costs nothing more than a
    number: whether a client is still there is only watched while it waits.
    """

    def __init__(self, *, at_once: int, waiting: int, patience: float) -> None:
        self.free = at_once
        self.most_waiting = waiting
        self.patience = patience  # seconds
        self.queue: dict[asyncio.Future[Any], None] = {}  # in the order of coming

    @asynccontextmanager
    async def turn(self, receive: Receive | None = None) -> AsyncIterator[None]:
        """Waits for a turn and holds it. Raises Busy; Gone if the client left meanwhile.

        Whether it left is heard from `receive`, which must have given the whole body.
        """
        if self.free and not self.queue:
            self.free -= 1
        else:
            await self._wait(receive)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, receive: Receive | None) -> None:
        if len(self.queue) >= self.most_waiting:
            raise Busy
        mine: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.queue[mine] = None
        leaving = asyncio.ensure_future(receive()) if receive else None
        awaited = {mine, leaving} if leaving else {mine}
        came = False
        try:
            await asyncio.wait(awaited, timeout=self.patience, return_when=asyncio.FIRST_COMPLETED)
            if leaving and leaving.done():
                raise Gone
            if not mine.done():
                raise Busy
            came = True
        finally:
            self.queue.pop(mine, None)
            if leaving:
                leaving.cancel()
            if mine.done() and not came:
                self._pass_on()

    def _pass_on(self) -> None:
        if waiting := next(iter(self.queue), None):
            del self.queue[waiting]
            waiting.set_result(None)
        else:
            self.free += 1
