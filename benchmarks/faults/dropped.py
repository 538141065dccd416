"""Requests that are sent and given up at once, and how long others wait afterwards."""

from __future__ import annotations

import http.client
import socket
import struct
import sys
import time

import psycopg

from benchmarks.support.scratch import Product, scratch_product
from benchmarks.support.tables import show

REQUESTS = 1_200
PATIENCE = 90.0  # seconds
RESET = struct.pack("ii", 1, 0)


def main() -> int:
    with scratch_product() as product:
        _open_to_all(product)
        page = f"/read/{product.desk}/"
        lines = []
        for title, path in [("pages", f"{page}claims/"), ("the API", _heavy(product))]:
            ask(product, path)
            _drop(product, path)
            live, first = ask(product, "/livez"), ask(product, page)
            lines.append([title, *_said(live), *_said(first)])
            time.sleep(2)
    show(
        f"{REQUESTS:,} requests sent and dropped; then one each",
        ["dropped", "/livez", "seconds", "a page", "seconds"],
        lines,
    )
    return 0


def _open_to_all(product: Product) -> None:
    with psycopg.connect(product.database_url, autocommit=True) as database:
        database.execute("UPDATE annotations_desk SET is_public = true")


def _heavy(product: Product) -> str:
    return f"/api/v1/desks/{product.desk}/annotations"


def _drop(product: Product, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    for _ in range(REQUESTS):
        client = socket.create_connection(("127.0.0.1", product.port), timeout=PATIENCE)
        client.sendall(head)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        client.close()


def ask(product: Product, path: str) -> tuple[int, float]:
    """Status (0 for none) and seconds."""
    began = time.monotonic()
    client = http.client.HTTPConnection("127.0.0.1", product.port, timeout=PATIENCE)
    try:
        client.request("GET", path, headers={"Host": "localhost"})
        response = client.getresponse()
        response.read()
        return response.status, time.monotonic() - began
    except OSError:
        return 0, time.monotonic() - began
    finally:
        client.close()


def _said(answer: tuple[int, float]) -> list[str]:
    return [str(answer[0] or "none"), f"{answer[1]:.2f}"]


if __name__ == "__main__":
    sys.exit(main())
