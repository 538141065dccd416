"""A request ends when its time is over, whatever the other side does to prolong it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from annotations.services import deadlines
from annotations.services.deadlines import Deadline, within
from annotations.services.webhooks.safe_http import Unreachable, checked_address, post

PATIENCE = 0.6  # seconds
DRIP = 0.05
pytestmark = pytest.mark.usefixtures("webhooks_may_lead_here")

Behaviour = Callable[[socket.socket], None]


@contextmanager
def behaving(behaviour: Behaviour) -> Iterator[int]:
    """The port of a server that treats each connection so, until the client goes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection, suppress(OSError):
                        behaviour(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


def dripping(start: bytes, piece: bytes) -> Behaviour:
    def behaviour(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(piece)
            time.sleep(DRIP)

    return behaviour


def silent(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def deaf(connection: socket.socket) -> None:
    """Takes no byte of what is sent."""
    time.sleep(5 * PATIENCE)


BEHAVIOURS = {
    "is silent": silent,
    "is deaf": deaf,
    "drips its status": dripping(b"", b"H"),
    "drips a header": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "drips headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X: a\r\n"),
    "drips its body": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", b"a"),
    "drips chunks": dripping(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"
    ),
    "goes on with 100": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_it_ends_when_its_time_is_over(scheme: str, name: str) -> None:
    with behaving(BEHAVIOURS[name]) as port:
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            post(f"{scheme}://127.0.0.1:{port}/", b"x" * 20_000_000, {}, patience=PATIENCE)

    assert time.monotonic() - begun < 2 * PATIENCE


def test_an_answer_in_pieces_counts_when_it_is_there_in_time() -> None:
    def slow(connection: socket.socket) -> None:
        for byte in b"HTTP/1.1 204 No Content\r\n\r\n":
            connection.sendall(bytes([byte]))
            time.sleep(0.005)

    with behaving(slow) as port:
        assert post(f"http://127.0.0.1:{port}/", b"x", {}, patience=5) == 204


def test_a_name_server_that_never_answers_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: time.sleep(3 * PATIENCE))
    begun = time.monotonic()

    with pytest.raises(Unreachable, match="Could not resolve"):
        checked_address("https://slow.example/", Deadline(PATIENCE))

    assert time.monotonic() - begun < 2 * PATIENCE


def test_no_more_than_a_few_calls_go_on_after_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "_left_behind", threading.BoundedSemaphore(2))
    over = threading.Event()
    threads = threading.active_count()

    for _ in range(5):
        with pytest.raises(TimeoutError):
            within(Deadline(0.05), over.wait)

    assert threading.active_count() - threads <= 2
    over.set()
    while threading.active_count() > threads:
        time.sleep(0.01)
    assert within(Deadline(1), lambda: 7) == 7


def test_what_a_call_raises_is_raised() -> None:
    def call() -> None:
        raise OSError("no such name")

    with pytest.raises(OSError, match="no such name"):
        within(Deadline(1), call)
