"""Group commit: concurrent requests for one key share a transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

Key = TypeVar("Key", bound=Hashable)
Request = TypeVar("Request")
Result = TypeVar("Result")


class GroupCommit(Generic[Key, Request, Result]):
    """Runs concurrent requests with the same key together.

    One transaction costs little more for ten requests than for one. The first request runs at
    once. Requests that arrive meanwhile wait, and the next one of them runs the whole group.

    `work` returns for each request its result, or the error of that request alone. Where `work`
    raises, it has changed nothing; each request is then run by itself, so that one request's error
    is not answered to another. Errors of a type in `outages` concern the whole group: running each
    request again would make the last one wait for as many timeouts as there are requests.
    """

    def __init__(
        self,
        work: Callable[[Key, list[Request]], Sequence[Result | Exception]],
        outages: tuple[type[Exception], ...] = (),
    ) -> None:
        self.work = work
        self.outages = outages
        self.lock = Lock()
        self.queues: WeakValueDictionary[Key, _Queue[Request, Result]] = WeakValueDictionary()

    def do(self, key: Key, request: Request) -> Result:
        """The result of this request. Raises what `work` returned or raised for it."""
        mine: _Waiting[Request, Result] = _Waiting(request)
        with self.lock:
            queue = self.queues.setdefault(key, _Queue())
            queue.waiting.append(mine)
        with queue.turn:
            if not mine.is_done:
                with self.lock:
                    group = list(queue.waiting)
                    queue.waiting.clear()
                self._run(key, group)
        return mine.outcome()

    def _run(self, key: Key, group: Sequence[_Waiting[Request, Result]]) -> None:
        try:
            results = self.work(key, [each.request for each in group])
        except Exception as error:
            if len(group) == 1 or isinstance(error, self.outages):
                for each in group:
                    each.fail(error)
            else:
                for each in group:
                    self._run(key, [each])
        else:
            for each, result in zip(group, results, strict=True):
                if isinstance(result, Exception):
                    each.fail(result)
                else:
                    each.succeed(result)


@dataclass(eq=False)
class _Waiting(Generic[Request, Result]):
    request: Request
    is_done: bool = False
    error: Exception | None = None
    results: list[Result] = field(default_factory=list)

    def succeed(self, result: Result) -> None:
        self.results.append(result)
        self.is_done = True

    def fail(self, error: Exception) -> None:
        self.error = error
        self.is_done = True

    def outcome(self) -> Result:
        if self.error is not None:
            raise self.error
        return self.results[0]


class _Queue(Generic[Request, Result]):
    """Requests that wait for the running group; gone with the last of them."""

    def __init__(self) -> None:
        self.turn = Lock()
        self.waiting: deque[_Waiting[Request, Result]] = deque()
