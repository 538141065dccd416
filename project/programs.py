"""The programs of the product itself, as the launcher keeps them running."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from project.embedded.layout import CHECKOUT, Layout
from project.embedded.processes import Command, spawn
from project.scheduler import LONGEST_ROUND

SCHEDULER_GRACE = 30.0  # seconds


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        """A host by which this machine reaches it: all addresses include the local one."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def url(self) -> str:
        host = self.reachable_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


class Web:
    """uvicorn; ready once /readyz says that database and broker are."""

    name = "The web server"
    stop_signal = signal.SIGTERM
    patience = 7.0  # uvicorn gives open requests 5 seconds
    lock_file: Path | None = None
    log: Path | None = None

    def __init__(self, place: Layout, address: Address) -> None:
        self.place = place
        self.address = address

    def spawn(self) -> subprocess.Popen[bytes]:
        return _spawn(["project.serve"], self.place, last_will=signal.SIGTERM)

    def is_ready(self) -> bool:
        # Production answers only to the hosts it was told of.
        allowed = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].lstrip("*.")
        headers = {"Host": allowed or "localhost"}
        connection = http.client.HTTPConnection(
            self.address.reachable_host, self.address.port, timeout=5
        )
        try:
            connection.request("GET", "/readyz", headers=headers)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Worker:
    """Celery's worker for one of the queues."""

    stop_signal = signal.SIGTERM
    patience = 4.0  # then its tasks go back into the queue
    lock_file: Path | None = None
    log: Path | None = None

    def __init__(self, place: Layout, address: Address, queue: str, options: Sequence[str]) -> None:
        self.name = f"The worker for {queue}"
        self.place = place
        self.arguments = [
            "celery", "--quiet", "--app=project", "worker", "--loglevel=WARNING",
            f"--queues={queue}", f"--hostname={queue}-{address.port}@%h",
            "--without-gossip", "--without-mingle", *options,
        ]  # fmt: skip

    def spawn(self) -> subprocess.Popen[bytes]:
        # Its warnings speak to Celery's own developers, or of pickled messages, which it refuses.
        quiet = {"PYTHONWARNINGS": "ignore"}
        return _spawn(self.arguments, self.place, last_will=signal.SIGQUIT, more=quiet)

    def is_ready(self) -> bool:
        """Nobody waits for the worker: what is sent before it is up waits in the broker."""
        return True


class Scheduler:
    """Sends again what was lost; two launchers on one data folder each have their own."""

    name = "The scheduler"
    stop_signal = signal.SIGTERM
    patience = 4.0
    lock_file: Path | None = None
    log: Path | None = None

    def __init__(self, place: Layout, address: Address) -> None:
        self.place = place
        self.alive = place.data_dir / f"scheduler-{address.port}.alive"

    def spawn(self) -> subprocess.Popen[bytes]:
        self.alive.touch()
        return _spawn(["project.scheduler", str(self.alive)], self.place, last_will=signal.SIGKILL)

    def is_ready(self) -> bool:
        return True

    def hangs(self) -> bool:
        """Whether it has been silent for longer than it lets itself be."""
        try:
            return time.time() - self.alive.stat().st_mtime > LONGEST_ROUND + SCHEDULER_GRACE
        except OSError:
            return False


def workers(place: Layout, address: Address) -> list[Worker]:
    """One for each queue. Deliveries wait for others most of the time, so threads are enough."""
    jobs = os.environ.get("WORKER_CONCURRENCY") or "3"
    return [
        Worker(place, address, "jobs", [f"--concurrency={jobs}"]),
        Worker(place, address, "delivery", ["--pool=threads", "--concurrency=8"]),
    ]


def spawn_preparation(place: Layout) -> subprocess.Popen[bytes]:
    return _spawn(["project.prepare"], place, last_will=signal.SIGKILL)


def _spawn(
    module: list[str],
    place: Layout,
    last_will: signal.Signals,
    more: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.Popen[bytes]:
    return spawn(
        Command(
            arguments=[sys.executable, "-m", *module],
            last_will=last_will,
            environment={**os.environ, "DATA_DIR": str(place.data_dir), **more},
            folder=CHECKOUT,
        )
    )
