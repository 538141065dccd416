"""Connections that never finish, over a real socket."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
import uvicorn

from project.http.protocol import LARGEST_HEAD, MOST_HEADERS, Protocol, _is_trusted

PATIENCE = 20.0  # seconds
HUGE = b"x" * 8_000_000


class Hurried(Protocol):
    head_patience = 0.5
    stalled = 0.5
    linger = 0.2
    most_connections = 20
    most_of_an_address = 12


async def application(scope: Any, receive: Any, send: Any) -> None:
    content = HUGE if scope["path"] == "/huge" else b"ok"
    headers = [(b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


@pytest.fixture(scope="module")
def server() -> Iterator[uvicorn.Server]:
    config = uvicorn.Config(
        application, port=0, http=Hurried, ws="none", lifespan="off", log_level="critical",
        timeout_keep_alive=1, forwarded_allow_ips="",
    )  # fmt: skip
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
    server.port = listening.getsockname()[1]  # type: ignore[attr-defined]
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server
    server.should_exit = True
    thread.join()
    listening.close()


def connected(server: uvicorn.Server) -> socket.socket:
    address = ("127.0.0.1", server.port)  # type: ignore[attr-defined]
    return socket.create_connection(address, timeout=PATIENCE)


def said(connection: socket.socket) -> bytes:
    """All until the end."""
    answer = b""
    with suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            answer += part
    return answer


def answers(server: uvicorn.Server) -> bool:
    with connected(server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        return said(connection).endswith(b"ok")


def test_a_head_that_comes_byte_by_byte_ends(server: uvicorn.Server) -> None:
    with connected(server) as connection:
        began = time.monotonic()
        connection.settimeout(0.05)
        answer = b""
        for byte in b"GET / HTTP/1.1\r\nHost: " + b"a" * 1_000:
            try:
                connection.sendall(bytes([byte]))
                answer = connection.recv(1_000)
                break
            except TimeoutError:
                continue

    assert b" 408 " in answer
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("opening", [b"", b"\r\n\r\n", b"G", b"GET / HTTP/1.1\r\nHost: a\r\nX"])
def test_a_connection_that_says_no_more_ends(server: uvicorn.Server, opening: bytes) -> None:
    with connected(server) as connection:
        connection.sendall(opening)

        answer = said(connection)

    assert b" 200 " not in answer


def test_the_second_request_of_a_connection_has_no_more_time(server: uvicorn.Server) -> None:
    with connected(server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.recv(1_000)
        connection.sendall(b"GET / HTTP/1.1\r\nHo")

        assert b" 408 " in said(connection)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * LARGEST_HEAD + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * (4 * LARGEST_HEAD),
        b"GET /" + b"x" * LARGEST_HEAD + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: 1\r\n" * MOST_HEADERS + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: 1\r\n" * LARGEST_HEAD,
    ],
    ids=["one line", "no end", "address", "many", "many without end"],
)
def test_a_huge_head_is_refused(server: uvicorn.Server, head: bytes) -> None:
    with connected(server) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(head)

        assert b" 431 " in said(connection)[:100]
    assert answers(server)


def test_what_is_no_http_is_refused(server: uvicorn.Server) -> None:
    with connected(server) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00 hello\r\n\r\n")

        assert b" 400 " in said(connection)


def test_a_reader_who_takes_nothing_is_cut_off(server: uvicorn.Server) -> None:
    with connected(server) as connection:
        connection.sendall(b"GET /huge HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(2)  # takes nothing

        assert len(said(connection)) < len(HUGE)


def test_more_connections_than_are_served_hear_so(server: uvicorn.Server) -> None:
    many = [connected(server) for _ in range(Hurried.most_connections + 5)]

    heard = [said(each) for each in many]

    assert sum(b" 503 " in each and b"retry-after" in each for each in heard) >= 5
    for each in many:
        each.close()
    assert answers(server)


def test_one_address_leaves_connections_to_the_others(server: uvicorn.Server) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(connected(server)) for _ in range(Hurried.most_of_an_address)]
        for each in held:
            each.sendall(b"POST / HTTP/1.1\r\n")
        time.sleep(0.1)

        with connected(server) as another:
            another.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b" 503 " in said(another)
    address = "127.0.0.2"
    with socket.create_connection(
        ("127.0.0.1", server.port),  # type: ignore[attr-defined]
        timeout=PATIENCE,
        source_address=(address, 0),
    ) as other:
        other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b" 200 " in said(other)


@pytest.mark.parametrize(
    ("address", "trusted", "expected"),
    [
        ("10.1.2.3", "10.1.0.0/16", True),
        ("10.1.2.3", "192.0.2.1, 10.1.2.3", True),
        ("10.2.2.3", "10.1.0.0/16", False),
        ("10.2.2.3", "", False),
        ("", "10.1.0.0/16", False),
    ],
)
def test_a_trusted_proxy_speaks_for_many(address: str, trusted: str, expected: bool) -> None:
    assert _is_trusted(address, trusted) is expected
