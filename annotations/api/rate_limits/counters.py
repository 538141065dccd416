"""How often something was done in the present window of time, counted for all web processes alike.

Windows are fixed: they begin at whole multiples of their length since 1970, so that processes agree
on them without asking each other. At the border of two a client may so do twice as much at once.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings

from annotations.services.cache import SharedCache


@dataclass(frozen=True)
class Count:
    """How often by now, and in how many seconds (at least 1) the window ends."""

    times: int
    ends_in: int


class Counters(Protocol):
    def count(self, name: str, window: int) -> Count | None:
        """Once more in this window of so many seconds; None when it cannot be counted now."""


class SharedCounters(SharedCache):
    """In a Valkey or Redis; one round trip each. While it is away, nothing is counted."""

    warning = "requests are not counted, the cache is away"

    def count(self, name: str, window: int) -> Count | None:
        number, ends_in = _present(window)
        key = f"imprimatur:count:{name}:{number}"
        commands = self.server.pipeline(transaction=False)
        commands.incr(key)
        commands.expire(key, 2 * window)
        answers = self.asked(commands)
        return Count(answers[0], ends_in) if answers else None


class OwnCounters:
    """In the memory of this process, so that each web process counts for itself."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.windows: dict[int, int] = {}  # the present one of each length
        self.times: dict[tuple[str, int], int] = {}

    def count(self, name: str, window: int) -> Count:
        number, ends_in = _present(window)
        with self.lock:
            if self.windows.get(window) != number:
                self.windows[window] = number
                self.times = {key: n for key, n in self.times.items() if key[1] != window}
            self.times[name, window] = times = self.times.get((name, window), 0) + 1
        return Count(times, ends_in)


@cache
def counters() -> Counters:
    """Those that the settings name, the same for all threads."""
    return SharedCounters(settings.CACHE_URL) if settings.CACHE_URL else OwnCounters()


def _present(window: int) -> tuple[int, int]:
    """The number of the window that it is now, and in how many seconds it ends."""
    now = int(time.time())
    return now // window, window - now % window
