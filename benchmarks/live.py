"""How long after its commit an event reaches the open streams, against a bare LISTEN and NOTIFY.

All streams are on one source and one web process. Tags are written at a modest rate by the API;
the moment of a commit is when a bare LISTEN connection of this process hears of it.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median, quantiles
from uuid import uuid4

import psycopg

from benchmarks.support.scratch import Product, scratch_product
from benchmarks.support.tables import show
from benchmarks.write import a_source
from project.embedded.layout import CHECKOUT

STREAMS = 200
EACH = 10  # streams of one person
WRITES = 60
PAUSE = 0.2  # seconds between two writes
WARM_UP = 5  # writes
PATIENCE = 30.0  # seconds
SEQ = re.compile(rb"id: (\d+)\n")


class Streams:
    """Open streams, read in a thread; `arrived` has the times at which each event came."""

    def __init__(self) -> None:
        self.arrived: defaultdict[int, list[float]] = defaultdict(list)
        self.opened = 0
        self._selector = selectors.DefaultSelector()
        self._stopped = False
        self._thread = threading.Thread(target=self._read)

    def open(self, port: int, path: str, session: str) -> None:
        stream = socket.create_connection(("127.0.0.1", port))
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={session}\r\n\r\n"
        stream.sendall(head.encode())
        self._selector.register(stream, selectors.EVENT_READ, bytearray())

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped = True
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]

    def _read(self) -> None:
        while not self._stopped:
            for key, _ in self._selector.select(0.1):
                received = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]
                now = time.perf_counter()
                if not received:
                    raise RuntimeError("A stream ended.")
                key.data.extend(received)
                self.opened += key.data.count(b"retry: 1000")
                for found in SEQ.finditer(key.data):
                    self.arrived[int(found[1])].append(now)
                del key.data[: key.data.rfind(b"\n") + 1]


def main() -> None:
    with scratch_product() as product:
        bare = _bare(product)
        latencies = _latencies(product)
    _show(latencies, bare)


def _bare(product: Product) -> list[float]:
    """Seconds from a NOTIFY by one connection to its arrival at another."""
    with _autocommit(product) as listener, _autocommit(product) as speaker:
        listener.execute("LISTEN bare")
        taken = []
        for _ in range(WRITES):
            began = time.perf_counter()
            speaker.execute("NOTIFY bare")
            next(listener.notifies(timeout=PATIENCE))
            taken.append(time.perf_counter() - began)
    return taken


def _latencies(product: Product) -> list[float]:
    """Seconds from each commit to its arrival, for every stream."""
    source = a_source(product)
    path = f"/desks/{product.desk}/sources/{source}/live?after={_newest(product)}"
    streams = Streams()
    for session in _sessions(product, STREAMS // EACH):
        for _ in range(EACH):
            streams.open(product.port, path, session)
    streams.start()
    try:
        _wait(lambda: streams.opened >= STREAMS)
        time.sleep(2)  # in which all look up what was before, and the opening is over
        committed = _write(product, source)
        _wait(lambda: sum(map(len, streams.arrived.values())) >= WRITES * STREAMS)
    finally:
        streams.stop()
    arrived = [streams.arrived[seq] for seq in sorted(streams.arrived)]
    pairs = list(zip(committed, arrived, strict=True))[WARM_UP:]
    return [max(0.0, at - commit) for commit, times in pairs for at in times]


def _write(product: Product, source: str) -> list[float]:
    """Tag so many times; when each commit was heard of."""
    client = product.client("editor_write")
    path = f"/api/v1/work/desks/{product.desk}/sources/{source}/annotations"
    committed = []
    with _autocommit(product) as listener:
        listener.execute("LISTEN imprimatur_events")
        heard = threading.Thread(target=_hear, args=(listener, committed))
        heard.start()
        for _ in range(WRITES):
            span = {"start": 0, "end": 12}
            body = {"id": str(uuid4()), "kind": "entity", "label": "place", "spans": [span]}
            client.call("POST", path, {**body, "fields": {}})
            time.sleep(PAUSE)
        heard.join()
    return committed


def _hear(listener: psycopg.Connection, committed: list[float]) -> None:
    for _ in listener.notifies(timeout=PATIENCE, stop_after=WRITES):
        committed.append(time.perf_counter())


def _sessions(product: Product, count: int) -> list[str]:
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.support.readers", str(count)],
        cwd=CHECKOUT,
        env=dict(product.environment),
        check=True,
        capture_output=True,
    )
    return json.loads(said.stdout)


def _newest(product: Product) -> int:
    with _autocommit(product) as connection:
        row = connection.execute("SELECT seq FROM annotations_ledger").fetchone()
    return row[0] if row else 0


def _autocommit(product: Product) -> psycopg.Connection:
    return psycopg.connect(product.database_url, autocommit=True)


def _wait(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise RuntimeError("The streams do not say what they should.")
        time.sleep(0.05)


def _show(latencies: list[float], bare: list[float]) -> None:
    rows = [
        [name, f"{1000 * live:.1f} ms", f"{1000 * alone:.2f} ms", f"{live / alone:.0f} ×"]
        for name, live, alone in (
            ("median", median(latencies), median(bare)),
            ("95th percentile", _percentile(latencies, 95), _percentile(bare, 95)),
            ("slowest", max(latencies), max(bare)),
        )
    ]
    show(
        f"live: from a commit to each of {STREAMS} streams, against a bare NOTIFY to one listener",
        ["", "streams", "bare", "ratio"],
        rows,
    )


def _percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1]


if __name__ == "__main__":
    main()
