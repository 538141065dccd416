"""Transactions that are held open, to see what others do meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

from django.db import connection, transaction

PATIENCE = 10.0  # seconds until a thread counts as stuck
MOMENT = 0.3  # seconds in which a writer that need not wait has committed


class Hand:
    """A transaction in a thread and a connection of its own: it acts, then waits to commit."""

    def __init__(self, pool: ThreadPoolExecutor, act: Callable[[], Any]) -> None:
        self.has_acted, self.may_commit = Event(), Event()
        self.done: Future[None] = pool.submit(self._run, act)

    def _run(self, act: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                act()
                self.has_acted.set()
                assert self.may_commit.wait(PATIENCE)
        finally:
            connection.close()

    def commit(self) -> None:
        self.may_commit.set()
        self.done.result(PATIENCE)


@contextmanager
def hands() -> Iterator[Callable[[Callable[[], Any]], Hand]]:
    with ThreadPoolExecutor(8) as pool:
        yield lambda act: Hand(pool, act)
