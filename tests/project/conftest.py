"""Servers in temporary folders, run by a supervisor in a process of its own as in real use."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from project.embedded.layout import CHECKOUT, Layout, database_url, layout
from project.embedded.occupants import occupants

HOLD = "import sys; print('up', flush=True); sys.stdin.read()"


@dataclass
class Starter:
    """A process that has the servers of a data folder running until it is released."""

    place: Layout
    process: subprocess.Popen[str]
    news_file: Path

    @property
    def news(self) -> str:
        return self.news_file.read_text()

    @property
    def postgres_pid(self) -> int:
        return int((self.place.postgres_dir / "postmaster.pid").read_text().split()[0])

    @property
    def valkey_pid(self) -> int:
        return min(occupants(self.place.valkey_dir))

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(database_url(self.place), autocommit=True, connect_timeout=5)

    def release(self) -> int:
        """End it in the orderly way; its exit code."""
        assert self.process.stdin
        if not self.process.stdin.closed:
            self.process.stdin.close()
        return self.process.wait(30)


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Of a start as people start it: with servers that keep what was acknowledged."""
    ours = {"DATABASE_URL", "BROKER_URL", "EMBEDDED_THROWAWAY"}
    kept = {k: v for k, v in os.environ.items() if k not in ours}
    return {**kept, "DATA_DIR": str(data_dir), **more}


@contextmanager
def starting(data_dir: Path) -> Iterator[Starter]:
    news_file = data_dir.with_name(f"news-{time.monotonic_ns()}")
    with news_file.open("w") as news:
        process = subprocess.Popen(
            [sys.executable, "-m", "project.embedded", sys.executable, "-c", HOLD],
            cwd=CHECKOUT,
            env=environment(data_dir),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=news,
            text=True,
        )
    starter = Starter(layout(data_dir), process, news_file)
    try:
        assert process.stdout
        assert process.stdout.readline() == "up\n", starter.news
        yield starter
    finally:
        starter.release()


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def stopped_servers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose servers ran once and were stopped in an orderly way."""
    data_dir = tmp_path_factory.mktemp("made-once") / "data"
    with starting(data_dir) as starter:
        with starter.connect() as connection:
            connection.execute("CREATE TABLE kept (number bigint PRIMARY KEY)")
    return data_dir


@pytest.fixture
def data_dir(stopped_servers: Path, tmp_path: Path) -> Path:
    """A test's own copy of such a folder, which saves making a cluster each time."""
    copy = tmp_path / "data"
    subprocess.run(["cp", "-a", stopped_servers, copy], check=True)
    return copy
