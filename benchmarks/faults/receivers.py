"""One desk tries to stop the background work of all: receivers that hang, and a pile of jobs.

Desk A has webhooks whose receivers never answer, drip a byte every two seconds, or answer slowly;
then 30 imports and two releases at once. Desk B has one webhook and one import. Printed is how long
B waits, how long a request to A is held open, and which messages A got twice while the first was
still open or had just been taken. All on loopback, for about two minutes.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import django

from benchmarks.support.scratch import Product, scratch_product
from benchmarks.support.tables import show
from project.embedded.layout import CHECKOUT

HANGING, DRIPPING, SLOW = 6, 6, 6  # webhooks of desk A, which has at most 20
SECONDS = 75  # of deliveries
IMPORTS = 30  # of desk A
LINES = 40_000  # of each import: about 2 MB
PATIENCE = 120  # seconds for the imports
WORKER = [sys.executable, "-m", "celery", "--quiet", "--app=project", "worker", "--loglevel=ERROR"]
QUEUES = (
    ["--queues=jobs", "--concurrency=3"],
    ["--queues=delivery", "--pool=threads", "--concurrency=8"],
)


@dataclass
class Requests:
    """What the receivers got: of each message the seconds at which it began and ended."""

    times: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def longest(self) -> float:
        return max((end - begin for all in self.times.values() for begin, end in all), default=0)

    def doubled(self) -> int:
        """Messages that came again before the first had ended."""
        return sum(
            any(later[0] < earlier[1] for earlier, later in pairwise(all))
            for all in (sorted(each) for each in self.times.values())
        )

    @property
    def count(self) -> int:
        return sum(map(len, self.times.values()))


Behaviour = Callable[[socket.socket], None]


def hang(connection: socket.socket) -> None:
    connection.settimeout(SECONDS)
    connection.recv(1)


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(SECONDS // 2):
        time.sleep(2)
        connection.sendall(b"a")


def answer_slowly(connection: socket.socket) -> None:
    time.sleep(5)
    answer(connection)


def answer(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@contextmanager
def receiving(behaviour: Behaviour) -> Iterator[tuple[str, Requests]]:
    requests = Requests()
    listening = socket.create_server(("127.0.0.1", 0))

    def treat(connection: socket.socket) -> None:
        begun, id = time.monotonic(), ""
        with connection, suppress(OSError):
            id = _message_id(connection)
            behaviour(connection)
        requests.times[id].append((begun, time.monotonic()))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=treat, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", requests
    finally:
        listening.close()


def _message_id(connection: socket.socket) -> str:
    """Reads the request; the message's id by its path and header."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536) or b"\r\n\r\n"
    head, _, body = data.partition(b"\r\n\r\n")
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    missing = int(headers[b"content-length"]) - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536)) or missing
    return headers[b"webhook-id"].decode()


@contextmanager
def working(product: Product) -> Iterator[None]:
    """The background programs as the launcher starts them."""
    environment = {**product.environment, "PYTHONWARNINGS": "ignore"}
    commands = [[*WORKER, *options, f"--hostname=w{n}@%h"] for n, options in enumerate(QUEUES)]
    commands.append([sys.executable, "-m", "project.scheduler", f"{environment['DATA_DIR']}/alive"])
    programs = [
        subprocess.Popen(command, cwd=CHECKOUT, env=environment, start_new_session=True)
        for command in commands
    ]
    try:
        _wait_for_workers(len(QUEUES))
        yield
    finally:
        for program in programs:
            program.terminate()
        for program in programs:
            with suppress(subprocess.TimeoutExpired):
                program.wait(20)
            program.kill()


def _wait_for_workers(count: int) -> None:
    from project.celery import app  # noqa: PLC0415 - needs the settings

    deadline = time.monotonic() + PATIENCE
    while len(app.control.ping(timeout=1)) < count:
        if time.monotonic() > deadline:
            raise RuntimeError("The workers did not start.")


def main() -> None:
    os.environ["WEBHOOK_NETWORKS"] = "127.0.0.0/8"
    with scratch_product() as product:
        os.environ.update(product.environment)
        django.setup()
        from benchmarks.faults import desks  # noqa: PLC0415 - needs the settings

        a, b = desks.attacker(product.desk), desks.bystander()
        with working(product):
            rows = [*_deliveries(desks, a, b), *_jobs(desks, a, b)]
    show("One desk against all", ["what", "desk A", "desk B"], rows)


def _deliveries(desks: Any, a: Any, b: Any) -> list[list[str]]:
    behaviours = [hang] * HANGING + [drip] * DRIPPING + [answer_slowly] * SLOW
    with _all_receiving(behaviours) as receivers, receiving(answer) as (url, good):
        for address, _ in receivers:
            desks.tell_from_the_beginning(a, address)
        time.sleep(3)
        begun = time.monotonic()
        desks.tell_from_the_beginning(b, url)
        while not good.times and time.monotonic() - begun < SECONDS:
            time.sleep(0.01)
        waited = time.monotonic() - begun
        time.sleep(max(0, SECONDS - waited))
        theirs = [requests for _, requests in receivers]
    return [
        ["first message, waited", "", f"{waited:.2f} s"],
        ["requests", f"{sum(each.count for each in theirs)}", f"{good.count}"],
        ["longest request", f"{max(each.longest() for each in theirs):.1f} s", ""],
        ["messages doubled", f"{sum(each.doubled() for each in theirs)}", f"{good.doubled()}"],
    ]


@contextmanager
def _all_receiving(behaviours: list[Behaviour]) -> Iterator[list[tuple[str, Requests]]]:
    if not behaviours:
        yield []
        return
    with receiving(behaviours[0]) as first, _all_receiving(behaviours[1:]) as rest:
        yield [first, *rest]


def _jobs(desks: Any, a: Any, b: Any) -> list[list[str]]:
    releases = [desks.release(a) for _ in range(2)]
    imports = [desks.import_text(a, LINES) for _ in range(IMPORTS)]
    time.sleep(1)
    begun = time.monotonic()
    desks.until_done([desks.import_text(b, 10)], PATIENCE)
    waited = time.monotonic() - begun
    desks.until_done(imports + releases, PATIENCE)
    return [
        ["import, waited", f"{time.monotonic() - begun:.1f} s (all {IMPORTS})", f"{waited:.2f} s"]
    ]


if __name__ == "__main__":
    main()
