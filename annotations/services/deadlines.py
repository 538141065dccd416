"""One deadline for all that a request takes, which the other side cannot prolong.

A timeout of a socket counts anew with each byte. Here each wait gets what is left of the whole.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable
from threading import BoundedSemaphore, Thread
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

MOST_LEFT_BEHIND = 32  # calls of a process that did not end in time and go on

T = TypeVar("T")


class Deadline:
    """So many seconds from now on, for all waits together."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    @property
    def left(self) -> float:
        """Seconds, more than 0. Raises TimeoutError when none is left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"{self.seconds:.0f} seconds are over")
        return left


class TimedSocket:
    """As much of a socket as `http.client` uses, which gives up when the deadline is over."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def sendall(self, data: ReadableBuffer) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            self._socket.settimeout(self._deadline.left)
            rest = rest[self._socket.send(rest) :]

    def recv_into(self, buffer: WriteableBuffer) -> int:
        self._socket.settimeout(self._deadline.left)
        return self._socket.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        self._socket.close()


class _Reader(io.RawIOBase):
    def __init__(self, timed: TimedSocket) -> None:
        self._timed = timed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._timed.recv_into(buffer)


def within(deadline: Deadline, call: Callable[[], T]) -> T:
    """The call's result, for calls that know no timeout, such as looking a name up.

    One that takes longer goes on in a thread until it ends by itself; no more than MOST_LEFT_BEHIND
    do. Raises TimeoutError, and what the call raises.
    """
    if not _left_behind.acquire(timeout=deadline.left):
        raise TimeoutError("too many calls have not ended yet")
    called = _Call(call)
    called.start()
    called.join(deadline.left)
    if called.is_alive():
        raise TimeoutError(f"{deadline.seconds:.0f} seconds are over")
    return called.outcome()


_left_behind = BoundedSemaphore(MOST_LEFT_BEHIND)


class _Call(Thread, Generic[T]):
    def __init__(self, call: Callable[[], T]) -> None:
        super().__init__(daemon=True)
        self._call = call
        self._result: T | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._result = self._call()
        except BaseException as error:  # raised where it is waited for
            self._error = error
        finally:
            _left_behind.release()

    def outcome(self) -> T:
        if self._error is not None:
            raise self._error
        return cast(T, self._result)
