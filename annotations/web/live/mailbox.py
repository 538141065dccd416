"""What waits to be sent on one stream."""

from __future__ import annotations

import asyncio
from collections import deque
from uuid import UUID

from annotations.queries.live.event_messages import News

ROOM = 5_000  # messages; who reads more slowly looks up what did not fit
AT_ONCE = 100  # messages taken together


class Mailbox:
    """Filled by the hub, emptied by one stream.

    It starts as `behind`: what happened before it was there is to be looked up. It is so again when
    it has overflowed. Until `catch_up` is called nothing is put in, so that nobody can fill it with
    what will be looked up anyway.
    """

    def __init__(self) -> None:
        self.behind = True
        self.closed = False
        self._waiting: deque[News] = deque()
        self._signs: deque[bytes] = deque(maxlen=AT_ONCE)
        self._stir = asyncio.Event()

    def catch_up(self) -> None:
        """From now on everything new is put in; what was there before is to be looked up."""
        self.behind = False

    def put(self, news: News) -> None:
        if self.behind:
            return
        if len(self._waiting) >= ROOM:
            self._waiting.clear()
            self.behind = True
        else:
            self._waiting.append(news)
        self._stir.set()

    def sign(self, message: bytes) -> None:
        """Put in what need not arrive: only the newest of these are kept."""
        self._signs.append(message)
        self._stir.set()

    def close(self) -> None:
        self.closed = True
        self._stir.set()

    async def wait(self, seconds: float) -> None:
        """Until there is something to do, or so long."""
        if self._waiting or self._signs:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._stir.wait()
        except TimeoutError:
            return
        self._stir.clear()

    def take(self, seen: dict[UUID, int]) -> bytes:
        """The next messages together, without those of numbers seen, which are moved on."""
        taken = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
        fresh = []
        for news in taken:
            if news.seq > seen[news.source]:
                seen[news.source] = news.seq
                fresh.append(news.message)
        fresh.extend(self._signs)
        self._signs.clear()
        return b"".join(fresh)
