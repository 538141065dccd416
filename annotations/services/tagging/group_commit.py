"""Group commit: what several threads ask for at the same time is done by one of them for all."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

About = TypeVar("About", bound=Hashable)
Wish = TypeVar("Wish")
Result = TypeVar("Result")


class Together(Generic[About, Wish, Result]):
    """A transaction takes hardly longer for ten wishes than for one (group commit).

    Who comes first gets their own done at once. Those who come meanwhile wait, and the next of them
    does what all of them wish. Only wishes about the same are put together.

    `work` gives for each wish its result, or the error that it has by itself while the others are
    done. Where it raises nothing was done; then each is done by itself, so that nobody's mistake is
    answered to somebody else. Errors of a type in `outages` are those of all at once: trying one
    after the other would only have the last wait as often as there are wishes.
    """

    def __init__(
        self,
        work: Callable[[About, list[Wish]], Sequence[Result | Exception]],
        outages: tuple[type[Exception], ...] = (),
    ) -> None:
        self.work = work
        self.outages = outages
        self.lock = Lock()
        self.queues: WeakValueDictionary[About, _Queue[Wish, Result]] = WeakValueDictionary()

    def do(self, about: About, wish: Wish) -> Result:
        """Raises what `work` raises of this wish."""
        mine: _Waiting[Wish, Result] = _Waiting(wish)
        with self.lock:
            queue = self.queues.setdefault(about, _Queue())
            queue.waiting.append(mine)
        with queue.turn:
            if not mine.is_done:
                with self.lock:
                    all_waiting = list(queue.waiting)
                    queue.waiting.clear()
                self._do_all(about, all_waiting)
        return mine.outcome()

    def _do_all(self, about: About, those: Sequence[_Waiting[Wish, Result]]) -> None:
        try:
            results = self.work(about, [each.wish for each in those])
        except Exception as error:
            if len(those) == 1 or isinstance(error, self.outages):
                for each in those:
                    each.fail(error)
            else:
                for each in those:
                    self._do_all(about, [each])
        else:
            for each, result in zip(those, results, strict=True):
                if isinstance(result, Exception):
                    each.fail(result)
                else:
                    each.succeed(result)


@dataclass(eq=False)
class _Waiting(Generic[Wish, Result]):
    wish: Wish
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


class _Queue(Generic[Wish, Result]):
    """Those who wait for the one whose turn it is; gone when nobody is left."""

    def __init__(self) -> None:
        self.turn = Lock()
        self.waiting: deque[_Waiting[Wish, Result]] = deque()
