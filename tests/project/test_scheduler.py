"""What is done every so often goes on, whatever one of the tasks does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from project import scheduler
from project.embedded.layout import CHECKOUT, layout
from project.embedded.supervisor import Keeper
from project.programs import SCHEDULER_GRACE, Address, Scheduler
from project.scheduler import LONGEST_ROUND, Rounds
from tests.project.conftest import wait_until

ALWAYS, NEVER_AGAIN = timedelta(0), timedelta(days=1)


def test_each_task_runs_when_it_is_due(tmp_path: Path) -> None:
    ran: list[str] = []

    def often() -> None:
        ran.append("often")

    def seldom() -> None:
        ran.append("seldom")

    rounds = Rounds({often: ALWAYS, seldom: NEVER_AGAIN}, tmp_path / "alive")
    for _ in range(3):
        rounds.go()

    assert ran == ["often", "seldom", "often", "often"]
    assert (tmp_path / "alive").exists()


@pytest.mark.django_db(transaction=True)
def test_a_task_that_fails_keeps_none_from_running(tmp_path: Path) -> None:
    ran: list[str] = []

    def breaking() -> None:
        raise RuntimeError("out of luck")

    def working() -> None:
        ran.append("working")

    rounds = Rounds({breaking: ALWAYS, working: ALWAYS}, tmp_path / "alive")
    for _ in range(2):
        rounds.go()

    assert ran == ["working", "working"]


def test_a_round_that_hangs_ends_the_process(tmp_path: Path) -> None:
    script = (
        "import sys, time; from datetime import timedelta; from pathlib import Path;"
        "from threading import Thread, Event; from project import scheduler;"
        "scheduler.LONGEST_ROUND = 0.3;"
        "rounds = scheduler.Rounds({lambda: time.sleep(60): timedelta(1)}, Path(sys.argv[1]));"
        "Thread(target=scheduler._watch, args=(rounds,), daemon=True).start(); rounds.run(Event())"
    )

    ended = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "alive"], cwd=CHECKOUT, timeout=20, check=False
    )

    assert ended.returncode == scheduler.FAILED


class Quick(Scheduler):
    """The scheduler as the launcher keeps it, but for what it runs."""

    def spawn(self) -> subprocess.Popen[bytes]:
        self.alive.touch()
        return subprocess.Popen(["sleep", "60"], start_new_session=True)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "frozen"])
def test_its_death_is_noticed_and_mended(tmp_path: Path, number: signal.Signals) -> None:
    news: list[str] = []
    program = Quick(layout(tmp_path), Address("127.0.0.1", 8000))
    keeper = Keeper(program, news.append)
    keeper.start()
    assert keeper.process
    first = keeper.process.pid

    os.kill(first, number)
    if number == signal.SIGSTOP:
        silent_since = time.time() - LONGEST_ROUND - SCHEDULER_GRACE - 1
        os.utime(program.alive, (silent_since, silent_since))
    try:
        wait_until(lambda: bool(keeper.tick() or (keeper.process and keeper.process.pid != first)))
        assert not program.hangs()
        assert news[-1] == "The scheduler stopped (signal 9); starting it again."
    finally:
        keeper.stop()
