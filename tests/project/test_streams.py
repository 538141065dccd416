"""Answers that are sent piece by piece, to readers who take their time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import StreamingHttpResponse

from project.asgi import Answer, application

SCOPE = {"type": "http", "method": "GET", "path": "/", "headers": []}


class Pieces:
    """Two of them; says whether it was closed."""

    is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter([b"one", b"two"])

    def close(self) -> None:
        self.is_closed = True


def sent(
    stream: StreamingHttpResponse, monkeypatch: pytest.MonkeyPatch, *, takes: float
) -> list[dict[str, Any]]:
    """What reaches a client that takes so many seconds for each piece."""
    messages: list[dict[str, Any]] = []
    asked = iter([{"type": "http.request", "body": b""}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        return await asyncio.Future()  # it does not hang up

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)
        if message.get("more_body"):
            await asyncio.sleep(takes)

    monkeypatch.setattr(application, "_answer", lambda *_: Answer(200, [], b"", stream))
    asyncio.run(application(SCOPE, receive, send))
    return messages[1:]


def test_a_stream_comes_whole_and_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = Pieces()

    messages = sent(StreamingHttpResponse(pieces), monkeypatch, takes=0)

    assert [message["body"] for message in messages] == [b"one", b"two", b""]
    assert "more_body" not in messages[-1]
    assert pieces.is_closed


def test_a_reader_who_takes_nothing_is_cut_off_without_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces = Pieces()
    stream = StreamingHttpResponse(pieces)
    stream.patience = 0.01  # type: ignore[attr-defined]

    messages = sent(stream, monkeypatch, takes=60)

    assert [message.get("more_body") for message in messages] == [True]
    assert pieces.is_closed
