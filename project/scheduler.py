"""`python -m project.scheduler FILE`: runs annotations.tasks.SCHEDULE, and nothing else.

It goes through no queue, so nothing that waits there holds it up, and it needs no broker. It
touches the file at each round: what keeps it running sees by that whether it lives. A round that
hangs ends the process, to be started anew.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import django
import structlog
from django.db import connection

ROUND = 1.0  # seconds
LONGEST_ROUND = 120.0  # seconds
FAILED = 75  # exit code: try again

Task = Callable[[], None]

log = structlog.get_logger(__name__)


class Rounds:
    """Runs each task when it is due; one that fails is due again after its usual time."""

    def __init__(self, schedule: Mapping[Task, timedelta], alive: Path) -> None:
        self._schedule = schedule
        self._alive = alive
        self._due = dict.fromkeys(schedule, 0.0)
        self._last_round = time.monotonic()

    def run(self, until: Event) -> None:
        while not until.is_set():
            self.go()
            until.wait(ROUND)

    def go(self) -> None:
        self._last_round = time.monotonic()
        self._alive.touch()
        for task, every in self._schedule.items():
            if time.monotonic() >= self._due[task]:
                self._due[task] = time.monotonic() + every.total_seconds()
                self._try(task)

    def hangs(self) -> bool:
        return time.monotonic() - self._last_round > LONGEST_ROUND

    def _try(self, task: Task) -> None:
        try:
            task()
        except Exception:
            log.exception("scheduled task failed", task=task.__name__)
            connection.close()  # whatever is wrong with it, the next one is new


def main(alive: Path) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    from annotations.tasks import SCHEDULE  # noqa: PLC0415 - Django is set up by now

    rounds = Rounds(SCHEDULE, alive)
    Thread(target=_watch, args=(rounds,), daemon=True).start()
    rounds.run(Event())
    return 0


def _watch(rounds: Rounds) -> None:
    while not rounds.hangs():
        time.sleep(ROUND)
    log.error("a round of the scheduler hangs; it starts anew")
    os._exit(FAILED)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
