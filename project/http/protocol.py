"""HTTP connections with an end: half-sent heads, huge heads and readers who take nothing.

uvicorn's parser takes a head of any size and waits for the rest of it for ever.
"""

from __future__ import annotations

import asyncio
import ipaddress
from asyncio.events import TimerHandle
from collections import Counter
from http import HTTPStatus
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_PATIENCE = 10.0  # seconds from the first byte of a request to the end of its headers
STALLED = 60.0  # seconds in which a client takes nothing of an answer that is ready
LINGER = 5.0  # seconds until a connection that was closed is given up with what it did not take
LARGEST_HEAD = 32_768  # bytes
MOST_HEADERS = 100
MOST_CONNECTIONS = 2_000  # of one process
MOST_OF_AN_ADDRESS = 500  # of those, unless it is a proxy that is trusted


class HeadRefused(Exception):
    """Stops the parser; `send_400_response` says why."""


class Protocol(HttpToolsProtocol):
    """One connection."""

    head_patience = HEAD_PATIENCE
    stalled = STALLED
    linger = LINGER
    most_connections = MOST_CONNECTIONS
    most_of_an_address = MOST_OF_AN_ADDRESS
    open_of: ClassVar[Counter[str]] = Counter()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_timer: TimerHandle | None = None
        self._stall_timer: TimerHandle | None = None
        self._head_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self.open_of[self._address] += 1
        if len(self.connections) > self.most_connections or self._is_greedy():
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, b"retry-after: 5\r\n")
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_timer = _ended(self._head_timer)
        self._stall_timer = _ended(self._stall_timer)
        self.open_of[self._address] -= 1
        if not self.open_of[self._address]:
            del self.open_of[self._address]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._head_timer is None and self._is_idle():
            self._await_head()
        if self._head_timer is not None:
            self._head_size += len(data)
        super().data_received(data)
        # The parser says nothing of a header that has no end yet.
        if self._head_timer is not None and self._head_size > LARGEST_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._head_timer = _ended(self._head_timer)
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > LARGEST_HEAD or len(self.headers) > MOST_HEADERS:
            raise HeadRefused
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn calls for all that the parser does not take."""
        self._head_timer = _ended(self._head_timer)
        if self.transport.is_closing():
            return
        if self.headers and (len(self.headers) > MOST_HEADERS or self._head_size > LARGEST_HEAD):
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            super().send_400_response(msg)
            self._linger()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stall_timer = self.loop.call_later(self.stalled, self.transport.abort)

    def resume_writing(self) -> None:
        self._stall_timer = _ended(self._stall_timer)
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._linger()

    def _is_greedy(self) -> bool:
        """Whether its address has too many: one stranger leaves connections to the others."""
        if self.open_of[self._address] <= self.most_of_an_address:
            return False
        return not _is_trusted(self._address, str(self.config.forwarded_allow_ips or ""))

    def _is_idle(self) -> bool:
        """Between two requests, or before the first."""
        return self.cycle is None or self.cycle.response_complete

    def _await_head(self) -> None:
        self._head_size = 0
        self._head_timer = self.loop.call_later(self.head_patience, self._head_is_late)

    def _head_is_late(self) -> None:
        if self._head_size:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus, headers: bytes = b"") -> None:
        self._head_timer = _ended(self._head_timer)
        sentence = f"{status.phrase}\n".encode()
        self.transport.write(
            b"HTTP/1.1 %d %s\r\n%sconnection: close\r\ncontent-type: text/plain\r\n"
            b"content-length: %d\r\n\r\n%s"
            % (status, status.phrase.encode(), headers, len(sentence), sentence)
        )
        self.transport.close()
        self._linger()

    def _linger(self) -> None:
        self.loop.call_later(self.linger, self.transport.abort)


def _is_trusted(address: str, trusted: str) -> bool:
    """Whether it is one of the proxies that are named, as addresses or networks."""
    try:
        client = ipaddress.ip_address(address)
        networks = [ipaddress.ip_network(each.strip()) for each in trusted.split(",") if each]
    except ValueError:
        return False
    return any(client in network for network in networks)


def _ended(timer: TimerHandle | None) -> TimerHandle | None:
    """Nothing, in place of the timer."""
    if timer is not None:
        timer.cancel()
    return None
