"""Bodies that are small to send and large to read: what they cost, and what is answered."""

from __future__ import annotations

import http.client
import json
import socket
import sys
import time
from pathlib import Path

from benchmarks.faults.memory import megabytes
from benchmarks.support.scratch import Product, scratch_product
from benchmarks.support.tables import show
from benchmarks.write import a_source

PATIENCE = 120.0  # seconds


def main() -> int:
    with scratch_product() as product:
        tags = f"/api/v1/work/desks/{product.desk}/sources/{a_source(product)}/annotations"
        key = {"Authorization": f"Bearer {product.keys['editor_write']}"}
        trials = [
            ("37 MB of unknown keys", tags, key, _keys(1_500_000)),
            ("8 MB of unknown keys", tags, key, _keys(340_000)),
            ("2.3 MB of unknown keys", tags, key, _keys(95_000)),
            ("1.6 MB of unknown keys", tags, key, _keys(70_000)),
            ("1.9 MB of brackets", tags, key, b"[" * 1_900_000),
            ("a text of 1.9 MB for a kind", tags, key, json.dumps({"kind": "x" * 1_900_000})),
            ("40 MB of a stranger", "/accounts/login/", {}, b"x" * 40_000_000),
        ]
        lines = [[title, *_sent(product, *rest)] for title, *rest in trials]  # type: ignore[arg-type]
        lines.append(["a head that never ends", *_half(product, b"GET / HTTP/1.1\r\nHost: a\r\n")])
        huge = b"GET / HTTP/1.1\r\nX: " + b"x" * 30_000_000
        lines.append(["30 MB of headers", *_half(product, huge)])
        half = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"
        lines.append(["a body that never ends", *_half(product, half)])
    show(
        "Hostile requests, one after the other",
        ["sent", "status", "seconds", "bytes of the answer", "MB more at most"],
        lines,
    )
    return 0


def _keys(count: int) -> bytes:
    return json.dumps({f"unknown{n}": n for n in range(count)}).encode()


def _sent(product: Product, path: str, headers: dict[str, str], body: bytes | str) -> list[str]:
    before = _forget_most(product.web)
    client = http.client.HTTPConnection("127.0.0.1", product.port, timeout=PATIENCE)
    began = time.monotonic()
    try:
        said = {"Host": "localhost", "Content-Type": "application/json", **headers}
        client.request("POST", path, body, said)
        response = client.getresponse()
        status, size = str(response.status), len(response.read())
    except OSError as error:
        status, size = type(error).__name__, 0
    finally:
        client.close()
    took = time.monotonic() - began
    return [status, f"{took:.1f}", f"{size:,}", f"{megabytes(product.web, 'VmHWM') - before:.0f}"]


def _half(product: Product, start: bytes) -> list[str]:
    before = _forget_most(product.web)
    began = time.monotonic()
    answer = b""
    with socket.create_connection(("127.0.0.1", product.port), timeout=45) as client:
        try:
            client.sendall(start)
            answer = client.recv(65_536)
            status = answer[9:12].decode() or "closed"
        except TimeoutError:
            status = "still open"
        except OSError as error:
            status = type(error).__name__
    took = time.monotonic() - began
    most = megabytes(product.web, "VmHWM") - before
    return [status, f"{took:.1f}", f"{len(answer):,}", f"{most:.0f}"]


def _forget_most(web: int) -> float:
    """MB that are in use now; what was in use at most is measured from here on."""
    for each in [str(web), *Path(f"/proc/{web}/task/{web}/children").read_text().split()]:
        Path(f"/proc/{each}/clear_refs").write_text("5")
    return megabytes(web)


if __name__ == "__main__":
    sys.exit(main())
