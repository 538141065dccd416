"""The web processes that share one address."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from project.embedded.layout import CHECKOUT
from project.serve import MOST_ENDINGS, processors

PATIENCE = 30.0  # seconds
LINUX = sys.platform == "linux"

pytestmark = pytest.mark.skipif(not LINUX, reason="elsewhere one process serves")


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PORT": str(port), "WEB_PROCESSES": "2"}
    command = [sys.executable, "-m", "project.serve"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=subprocess.PIPE)
    try:
        wait_until(lambda: answers(port))
        yield process
    finally:
        process.kill()
        process.communicate()


def test_two_processes_serve_one_address(server: subprocess.Popen[bytes], port: int) -> None:
    assert len(children(server)) == 2
    assert all(answers(port) for _ in range(20))


def test_told_to_stop_all_of_them_end(server: subprocess.Popen[bytes], port: int) -> None:
    started = children(server)

    server.terminate()

    assert server.wait(PATIENCE) == 0
    assert not any(is_running(each) for each in started)
    assert not answers(port)


def test_one_that_is_killed_is_replaced_and_the_others_go_on(
    server: subprocess.Popen[bytes], port: int
) -> None:
    first, second = children(server)

    os.kill(first, signal.SIGKILL)

    wait_until(lambda: len(set(children(server)) - {first}) == 2)
    assert second in children(server)
    assert all(answers(port) for _ in range(20))
    assert server.poll() is None


def test_when_they_keep_ending_all_end_and_it_says_so(
    server: subprocess.Popen[bytes], port: int
) -> None:
    second, killed = children(server)[1], set()

    for _ in range(MOST_ENDINGS + 1):
        wait_until(lambda: bool(set(children(server)) - killed - {second}))
        [latest] = set(children(server)) - killed - {second}
        os.kill(latest, signal.SIGKILL)
        killed.add(latest)

    _, said = server.communicate(timeout=PATIENCE)
    assert server.returncode == 1
    assert b"a web process ended" in said
    assert not is_running(second)
    assert not answers(port)


def test_a_head_that_is_not_finished_ends(server: subprocess.Popen[bytes], port: int) -> None:
    assert server.poll() is None
    began = time.monotonic()

    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as half:
        half.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n")

        assert b" 408 " in half.recv(1_000)
    assert 9 < time.monotonic() - began < 20


def test_killed_it_takes_them_along(server: subprocess.Popen[bytes], port: int) -> None:
    started = children(server)

    server.kill()

    wait_until(lambda: not any(is_running(each) for each in started))
    assert not answers(port)


def test_unless_told_there_are_as_many_as_processors_up_to_four() -> None:
    assert 1 <= processors() <= 4


def children(process: subprocess.Popen[bytes]) -> list[int]:
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(each) for each in found.split()]


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        return state.rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/livez", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)
