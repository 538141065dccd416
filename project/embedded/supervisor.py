"""Keeps programs running: starts them in order, again when they die, and stops them in reverse.

Of several processes on one data folder, the one that holds a server's lock keeps that server
running; the others join it and never stop it. When the holder ends, the server stops with it, and
the first of the others to get the free lock starts it again and keeps it from then on.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, runtime_checkable

from project.embedded.account import server_account
from project.embedded.errors import StartError
from project.embedded.layout import Layout
from project.embedded.owners import require_owners
from project.embedded.postgres import Postgres
from project.embedded.valkey import Valkey

TICK = 0.05  # seconds between two looks at the programs
START_PATIENCE = 60.0
START_ATTEMPTS = 3
STEADY = 10.0  # whoever lived this long before dying is started again at once
LONGEST_PAUSE = 10.0
KILL_PATIENCE = 3.0

Say = Callable[[str], None]


class Program(Protocol):
    """Something that can be kept running. Without a `lock_file` it is ours alone."""

    name: str
    stop_signal: signal.Signals
    patience: float  # seconds to stop in, before it is made to

    @property
    def lock_file(self) -> Path | None: ...

    @property
    def log(self) -> Path | None: ...

    def spawn(self) -> subprocess.Popen[bytes]: ...

    def is_ready(self) -> bool: ...


@runtime_checkable
class Watched(Protocol):
    """A program that can be seen to hang, which ends it and starts it again."""

    def hangs(self) -> bool: ...


class Keeper:
    """Keeps one program running, if nobody else does."""

    def __init__(self, program: Program, say: Say) -> None:
        self.program = program
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None
        self.failures = 0
        self._lock: int | None = None
        self._started = 0.0
        self._pause_until = 0.0

    def start(self) -> None:
        """Return once the program answers. Raises StartError when it will not."""
        deadline = time.monotonic() + START_PATIENCE
        self.tick()
        while not self.program.is_ready():
            if self.failures >= START_ATTEMPTS or time.monotonic() > deadline:
                raise StartError(f"{self.program.name} does not start: {self._where_to_look()}.")
            time.sleep(TICK)
            self.tick()

    def tick(self) -> None:
        """Start the program if it is ours to start and does not run."""
        if self.process and isinstance(self.program, Watched) and self.program.hangs():
            self.say(f"{self.program.name} hangs.")
            self._kill(self.process)
        if self.process and self.process.poll() is not None:
            self._mourn(self.process)
        if self.process is None and time.monotonic() >= self._pause_until and self._is_ours():
            self.process = self.program.spawn()
            self._started = time.monotonic()

    def stop(self) -> None:
        """Ask, then insist, then kill. The lock stays ours, so nobody starts it again yet."""
        if self.process:
            self._end(self.process)
            self.process = None

    def release(self) -> None:
        """Let another have the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _is_ours(self) -> bool:
        if self.program.lock_file is None or self._lock is not None:
            return True
        descriptor = os.open(self.program.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def _mourn(self, process: subprocess.Popen[bytes]) -> None:
        lived = time.monotonic() - self._started
        self.failures = 1 if lived > STEADY else self.failures + 1
        pause = 0.0 if self.failures == 1 else min(0.25 * 2**self.failures, LONGEST_PAUSE)
        self._pause_until = time.monotonic() + pause
        self.process = None
        _signal_group(process, signal.SIGKILL)  # what the dead program left behind
        self.say(f"{self.program.name} stopped ({_cause(process.returncode)}); starting it again.")

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(self.program.stop_signal)
        for last_word, patience in (
            (signal.SIGQUIT, self.program.patience),
            (signal.SIGKILL, KILL_PATIENCE),
        ):
            try:
                process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                process.send_signal(last_word)
        process.wait()
        _signal_group(process, signal.SIGKILL)

    def _where_to_look(self) -> str:
        return (
            f"see the end of {self.program.log}" if self.program.log else "see above what it said"
        )


class Supervisor:
    """The programs in the order in which they were started."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.keepers: list[Keeper] = []

    def start(self, program: Program) -> None:
        """Start it, or join who runs it; return once it answers. Raises StartError."""
        keeper = Keeper(program, self.say)
        self.keepers.append(keeper)
        keeper.start()

    def watch(self, until: Callable[[], bool]) -> None:
        """Keep everything running until then."""
        while not until():
            for keeper in self.keepers:
                keeper.tick()
            time.sleep(TICK)

    def stop(self) -> None:
        """Stop what is ours, last started first. A second Ctrl+C does not cut it short."""
        with _deaf_to_interrupts():
            for keeper in reversed(self.keepers):
                keeper.stop()

    def release(self) -> None:
        """Let others start what we stopped."""
        for keeper in self.keepers:
            keeper.release()


@contextmanager
def embedded_servers(place: Layout, say: Say = print) -> Iterator[Supervisor]:
    """The servers of the data folder, running, except where the environment names others."""
    supervisor = Supervisor(say)
    try:
        _start_servers(place, supervisor)
        yield supervisor
    finally:
        supervisor.stop()
        with suppress(OSError):  # it is not empty while others keep a server running
            place.socket_dir.rmdir()
        supervisor.release()


def _start_servers(place: Layout, supervisor: Supervisor) -> None:
    try:
        account = server_account()
        require_owners(place, account)
        place.log_dir.mkdir(parents=True, exist_ok=True)
        if not os.environ.get("DATABASE_URL"):
            supervisor.start(Postgres(place, account))
        if not os.environ.get("BROKER_URL"):
            supervisor.start(Valkey(place, account))
    except OSError as error:
        raise StartError(
            f"Cannot use {error.filename or place.data_dir} ({error.strerror}): "
            "choose a folder where you may write by DATA_DIR."
        ) from error


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    heard = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _cause(returncode: int) -> str:
    if returncode < 0:
        return f"signal {-returncode}"
    return f"exit code {returncode}"
