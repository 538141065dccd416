"""Memory that a large request took, given back to the system.

glibc keeps what was freed for its own later use: below the top of its heaps for ever, and in as
many heaps as there are threads. A large answer so stays as large as it was.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import time
from threading import Lock, Thread

LARGE = 1_000_000  # bytes of a request and its answer
PAUSE = 3.0  # seconds between two times
ARENAS, MMAP_THRESHOLD, TRIM_THRESHOLD = -8, -3, -1  # parameters of mallopt(3)
HEAPS = 2
APART = 262_144  # bytes from which on a block is mapped by itself, and given back by itself

_pause = Lock()


def keep_little() -> None:
    """Once, before threads start: few heaps, large blocks apart. Does nothing without glibc."""
    if (libc := _glibc()) is not None:
        libc.mallopt(ARENAS, HEAPS)
        libc.mallopt(MMAP_THRESHOLD, APART)  # a fixed one: glibc otherwise raises it to 32 MB
        libc.mallopt(TRIM_THRESHOLD, 2 * APART)


def give_memory_back() -> None:
    """Soon, in a thread; asked for often, it is done once a PAUSE."""
    if _glibc() is not None and _pause.acquire(blocking=False):
        Thread(target=_trim, daemon=True).start()


def _trim() -> None:
    time.sleep(PAUSE)  # until the answer has been sent
    _pause.release()
    gc.collect()  # a request and its answer often hold each other
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
