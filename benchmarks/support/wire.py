"""A client so light that it hardly competes with the server it shares the machine with."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass

from benchmarks.support.scratch import Product

PATIENCE = 30.0  # seconds
GOOD = tuple(f"HTTP/1.1 {status}".encode() for status in (200, 201, 206, 304))


@dataclass(frozen=True)
class Wire:
    """One connection that stays open (HTTP/1.1); answers are read but not parsed."""

    socket: socket.socket
    head: str

    def post(self, path: str, body: object) -> bytes:
        """The body of the answer. Raises RuntimeError when it is not a success."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return self.send(self.request(path, content))

    def request(self, path: str, content: bytes) -> bytes:
        return f"POST {path} {self.head}Content-Length: {len(content)}\r\n\r\n".encode() + content

    def asking(self, path: str, headers: str = "") -> bytes:
        """A GET; each of the headers ends a line."""
        return f"GET {path} {self.head}{headers}\r\n".encode()

    def send(self, request: bytes) -> bytes:
        """The body of the answer, which is not sent in chunks."""
        self.socket.sendall(request)
        head, _, body = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        pieces = [body]
        missing = length - len(body)
        while missing > 0:
            pieces.append(self.socket.recv(1 << 20))
            missing -= len(pieces[-1])
        if not head.startswith(GOOD):
            raise RuntimeError(b"".join([head, *pieces]).decode())
        return b"".join(pieces)

    def _until(self, mark: bytes) -> bytes:
        received = b""
        while mark not in received:
            more = self.socket.recv(1 << 16)
            if not more:
                raise RuntimeError("The server hung up.")
            received += more
        return received


def wire(product: Product, key: str, secret: str = "") -> Wire:
    """A connection with the key of that name in demo.json, or with this one."""
    head = (
        f"HTTP/1.1\r\nHost: 127.0.0.1:{product.port}\r\n"
        f"Authorization: Bearer {secret or product.keys[key]}\r\n"
        "Content-Type: application/json\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", product.port), timeout=PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Wire(connection, head)
