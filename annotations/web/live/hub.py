"""The process's streams, and what reads the ledger for all of them.

While there are streams, one connection listens. When something happened on a desk, its events are
read once and their messages made once, however many watch. `_read_to` says up to which event of a
desk that was done: all after it is put into the mailboxes that are there by then, so a stream that
looks up what happened before, after its mailbox was there, skips nothing.

Nothing is given to a reader unless their permission was checked after it was read: what happened
after a removal is read after the removal, and so does not reach the removed. A stream closes then,
and at the latest soon after the change, when the triggers on people tell of it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.db import close_old_connections

from annotations.database_names import Channel
from annotations.queries.live.event_messages import happened_on_desk, news_of
from annotations.web.live.mailbox import Mailbox
from annotations.web.live.pg_listener import PAUSE, listen
from annotations.web.live.presence_batch import PresenceBatch
from annotations.web.live.subscriptions import Reader, those_who_still_may

GATHERING = 0.25  # seconds in which signs of presence are put together
CHECK = 15.0  # seconds between two looks at who may still read
BATCH = 500  # events

Result = TypeVar("Result")

log = structlog.get_logger(__name__)
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")


async def in_thread(work: Callable[..., Result], *arguments: Any) -> Result:
    """What the function returns, in one of a few threads, whose connections are kept."""

    def run() -> Result:
        try:
            return work(*arguments)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)


def in_background(work: Callable[..., object], *arguments: Any) -> None:
    """Do it in one of these threads, and wait for nothing."""
    _threads.submit(work, *arguments)


class Hub:
    """Puts news into the mailboxes of the streams of this process."""

    def __init__(self) -> None:
        self.stopped = False
        self._readers: dict[Mailbox, Reader] = {}
        self._watching: defaultdict[UUID, set[Mailbox]] = defaultdict(set)
        self._open: Counter[UUID] = Counter()
        self._read_to: dict[UUID, int] = {}
        self._signs: dict[UUID, PresenceBatch] = {}
        self._stirred: set[UUID] = set()
        self._stir = asyncio.Event()
        self._doubt = asyncio.Event()  # people changed and no check has begun since
        self._settled = True  # no check is due or under way
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def stop(self) -> None:
        """End all streams, now and later; may be called from a signal handler or another thread."""
        self.stopped = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._close_all)

    def count(self, user_id: UUID) -> int:
        """How many streams this person has open."""
        return self._open[user_id]

    @contextmanager
    def subscribe(self, reader: Reader, heads: Mapping[UUID, int]) -> Iterator[Mailbox]:
        """A mailbox for the sources that the reader watches.

        `heads` are the numbers of the newest events of the desks, as some time before.
        """
        box = Mailbox()
        self._readers[box] = reader
        self._open[reader.user_id] += 1
        for source in reader.sources:
            self._watching[source].add(box)
        for desk in reader.desks - self._read_to.keys():
            self._read_to[desk] = heads[desk]
            self._look_at(desk)
        if self.stopped:
            box.close()
        self._work()
        try:
            yield box
        finally:
            self._forget(box)

    def _forget(self, box: Mailbox) -> None:
        reader = self._readers.pop(box)
        self._open[reader.user_id] -= 1
        for source in reader.sources:
            self._watching[source].discard(box)
            if not self._watching[source]:
                del self._watching[source]
        watched = {desk for other in self._readers.values() for desk in other.desks}
        for desk in self._read_to.keys() - watched:
            del self._read_to[desk]
        if not self._readers:
            self._rest()

    def _work(self) -> None:
        if self._tasks and not any(task.done() for task in self._tasks):
            return
        self._rest()
        self._loop = asyncio.get_running_loop()
        heard = listen(list(Channel), began=self._look_everywhere, heard=self._hear)
        works: list[Awaitable[None]] = [heard, self._deliver(), self._watch_over()]
        self._tasks = [asyncio.ensure_future(work) for work in works]

    def _rest(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    def _close_all(self) -> None:
        for box in self._readers:
            box.close()

    def _hear(self, channel: str, payload: str) -> None:
        if channel == Channel.PEOPLE:
            self._begin_to_doubt()
            return
        if channel == Channel.PRESENCE:
            self._gather(PresenceBatch.read(payload))
            return
        for desk in self._read_to:
            if str(desk) == payload:
                self._look_at(desk)

    def _gather(self, signs: PresenceBatch) -> None:
        if signs.source not in self._watching:
            return
        if signs.source in self._signs:
            self._signs[signs.source].add(signs)
            return
        self._signs[signs.source] = signs
        asyncio.get_running_loop().call_later(GATHERING, self._pass_on, signs.source)

    def _pass_on(self, source: UUID) -> None:
        if not self._settled:  # notifications keep the order of commits: the check goes first
            asyncio.get_running_loop().call_later(GATHERING, self._pass_on, source)
            return
        message = self._signs.pop(source).message()
        for box in self._watching.get(source, ()):
            box.sign(message)

    def _look_everywhere(self) -> None:
        """After some time in which nobody listened."""
        self._begin_to_doubt()
        for desk in self._read_to:
            self._look_at(desk)

    def _begin_to_doubt(self) -> None:
        self._settled = False
        self._doubt.set()

    def _look_at(self, desk: UUID) -> None:
        self._stirred.add(desk)
        self._stir.set()

    async def _deliver(self) -> None:
        while True:
            await self._stir.wait()
            self._stir.clear()
            while self._stirred:
                await self._read_or_try_again(self._stirred.pop())

    async def _read_or_try_again(self, desk: UUID) -> None:
        try:
            await self._read(desk)
        except Exception as error:  # the streams of other desks go on, whatever it was
            log.warning("live.reading_failed", desk=str(desk), reason=str(error), exc_info=True)
            self._stirred.add(desk)
            await asyncio.sleep(PAUSE)

    async def _read(self, desk: UUID) -> None:
        """Put what is new on the desk into the mailboxes of those who watch its sources."""
        more = True
        while more and desk in self._read_to:
            happened = await in_thread(happened_on_desk, desk, self._read_to[desk], BATCH)
            # Only now is it known who watches: who comes later finds these events themselves.
            watched = [each for each in happened if each.source in self._watching]
            news = await in_thread(news_of, watched) if watched else []
            welcome = await self._welcome_to({each.source for each in news})
            for each in news:
                for box in self._watching.get(each.source, set()) & welcome:
                    box.put(each)
            if happened and desk in self._read_to:
                self._read_to[desk] = happened[-1].seq
            more = len(happened) == BATCH

    async def _welcome_to(self, sources: Collection[UUID]) -> set[Mailbox]:
        """The mailboxes of those who may read these sources now; the others are closed."""
        boxes = {box for source in sources for box in self._watching.get(source, ())}
        return await self.check(boxes)

    async def check(self, boxes: Collection[Mailbox]) -> set[Mailbox]:
        """Those of these whose readers may still read; closes the others. Three statements.

        Call it after what is to be given out was read.
        """
        readers = {box: self._readers[box] for box in boxes}
        if not readers:
            return set()
        still = await in_thread(those_who_still_may, set(readers.values()))
        for box, reader in readers.items():
            if reader not in still:
                box.close()
        return {box for box, reader in readers.items() if reader in still}

    async def _watch_over(self) -> None:
        """Close the streams of those who may no longer read, soon after something changed."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._doubt.wait(), CHECK)
                await asyncio.sleep(GATHERING)  # many changes are looked at together
            self._doubt.clear()
            try:
                await self.check(list(self._readers))
            except Exception as error:  # looked at again after a pause
                log.warning("live.check_failed", reason=str(error), exc_info=True)
                self._begin_to_doubt()
                await asyncio.sleep(PAUSE)
            self._settled = not self._doubt.is_set()


hub = Hub()
