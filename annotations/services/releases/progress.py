"""How far the writing of a release is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from annotations.services.releases.texts_writer import TextsWriter

BETWEEN = 500  # records after which it is reported how far the writing is

Row = TypeVar("Row")


class Report(Protocol):
    """Takes how far the writing is, from 0 to 1, and what is done; may raise to end it."""

    def __call__(self, share: float, step: str) -> None: ...


def _one(_row: object) -> int:
    return 1


@dataclass
class Progress:
    """How far both processes are, each being half of the work."""

    report: Report
    writer: TextsWriter
    count: int
    own: float = 0  # how much of its half this process has done, from 0 to 1
    others: float = 0  # as much of the other process

    def tell(self, step: str) -> None:
        """Raises OSError when the other process failed."""
        done = 1 if self.writer.is_done else self.writer.annotations / self.count
        self.others = max(self.others, min(done, 1))  # a count that is just written reads as none
        self.report((self.own + self.others) / 2, step)

    def along(
        self, rows: Iterable[Row], step: str, share: float, size: Callable[[Row], int] = _one
    ) -> Iterator[Row]:
        """The rows, which all together are that share of this process's half."""
        begun, passed, next_look = self.own, 0, 0
        for row in rows:
            if passed >= next_look:
                self.own = begun + share * passed / self.count
                self.tell(step)
                next_look = passed + BETWEEN
            yield row
            passed += size(row)
        self.own = begun + share
