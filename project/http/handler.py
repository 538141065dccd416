"""Requests from ASGI to Django's threads and back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any, NamedTuple, TypeVar

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, close_old_connections
from django.http import StreamingHttpResponse
from django.urls import set_script_prefix

from annotations.api.http.authentication import is_known
from annotations.outages import outage_of
from annotations.web.site.health import livez
from project.http.bodies import Body, BodyRefused, ClientGone
from project.http.failures import refusal
from project.http.turns import Busy, Gone, Turns
from project.memory import LARGE, give_memory_back

LIVE, READY = "/livez", "/readyz"
MOST_PROBES = 8  # that wait
RETRY_AFTER = 2  # seconds
BUSY = "Too many requests are waiting here. Try again in a few seconds."

Result = TypeVar("Result")


class Answer(NamedTuple):
    """A response as ASGI sends it; a stream is still to be read and closed."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes
    stream: StreamingHttpResponse | None = None


class Handler(ASGIHandler):
    """Does all of a request in one visit to one of a few threads.

    Django's own way crosses over to a thread for each hook of each middleware, for the view and for
    the end of the request, and watches in tasks whether the client is still there, which takes
    longer than most requests. Here a client is watched while its request waits for a thread, and
    while it reads a stream. Streams that read files are read piece by piece.

    `/livez` is answered without a thread, and `/readyz` in threads of its own, so that both say how
    things are when all threads are taken.
    """

    def __init__(self) -> None:
        super().__init__()
        self.threads = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="request")
        self.turns = Turns(
            at_once=settings.WEB_THREADS,
            waiting=settings.MOST_WAITING,
            patience=settings.LONGEST_WAIT,
        )
        self.probe_threads = ThreadPoolExecutor(2, thread_name_prefix="probe")
        self.probe_turns = Turns(at_once=2, waiting=MOST_PROBES, patience=settings.LONGEST_WAIT)

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Only HTTP is served here, not {scope['type']}.")
        await self.handle(scope, receive, send)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        body = Body(scope, receive)
        try:
            answer = await self._answer_to(scope, body)
        except (ClientGone, Gone):
            return
        except BodyRefused as error:
            if error.status != HTTPStatus.REQUEST_TIMEOUT:
                await body.drop_rest()
            answer = refused(scope, error.status, error.sentence, {"Connection": "close"})
        except Busy:
            wait = {"Retry-After": str(RETRY_AFTER)}
            answer = refused(scope, HTTPStatus.SERVICE_UNAVAILABLE, BUSY, wait)
        except (OSError, DatabaseError) as error:  # the body's file is full, nobody is known
            if (outage := outage_of(error)) is None:
                raise
            await body.drop_rest()
            headers = {**outage.headers, "Connection": "close"}
            answer = refused(scope, outage.status, outage.sentence, headers)
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        if answer.stream is not None:
            try:
                await self._send_stream(answer.stream, receive, send)
            except TimeoutError:
                return  # without an end, by which the reader knows that it is not all
        await send({"type": "http.response.body", "body": answer.content})
        if len(answer.content) + body.size > LARGE:
            give_memory_back()

    async def _answer_to(self, scope: Any, body: Body) -> Answer:
        """Raises BodyRefused, ClientGone, Gone, Busy, OSError."""
        if scope["path"] == LIVE:
            return answer_of(livez(self.request_class(scope, BytesIO())))
        is_probe = scope["path"] == READY
        turns = self.probe_turns if is_probe else self.turns
        threads = self.probe_threads if is_probe else self.threads

        async def is_known() -> bool:
            async with turns.turn(body.left):
                return await in_thread(threads, self._is_known, scope)

        content = await body.read(is_known)
        try:
            async with turns.turn(body.receive):
                return await in_thread(threads, self._answer, scope, content, body.size)
        except (Gone, Busy):
            content.close()
            raise

    def _answer(self, scope: Any, body: IO[bytes], size: int) -> Answer:
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, unreadable = self.create_request(scope, body)
        if request is not None:
            # A chunked body has no length of its own, and none is taken for no body at all.
            request.META.setdefault("CONTENT_LENGTH", str(size))
        response: Any = unreadable if request is None else self.get_response(request)
        if response.streaming:
            close_old_connections()  # it may last for hours, and reads in other threads
            return answer_of(response)
        response.close()
        body.close()
        return answer_of(response)

    def _is_known(self, scope: Any) -> bool:
        """Whether a person who is signed in or a key sends this; one visit to the database.

        Raises DatabaseError, in seconds where the server hangs.
        """
        request, _ = self.create_request(scope, BytesIO())
        try:
            return request is not None and is_known(request)
        finally:
            request_finished.send(sender=type(self))

    async def _send_stream(self, stream: StreamingHttpResponse, receive: Any, send: Any) -> None:
        sending = asyncio.ensure_future(self._send_parts(stream, send))
        leaving = asyncio.ensure_future(receive())
        try:
            await asyncio.wait([sending, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            sending.cancel()
            await asyncio.wait([sending])
            await in_thread(self.threads, stream.close)
        if not sending.cancelled():
            sending.result()

    async def _send_parts(self, stream: StreamingHttpResponse, send: Any) -> None:
        """Raises TimeoutError when the client takes nothing for as long as the stream says."""
        all_parts: Any = aiter(stream) if stream.is_async else self._read(stream)
        patience = getattr(stream, "patience", None)
        async with aclosing(all_parts) as parts:
            async for part in parts:
                async with asyncio.timeout(patience):
                    await send({"type": "http.response.body", "body": part, "more_body": True})

    async def _read(self, stream: StreamingHttpResponse) -> AsyncGenerator[bytes, None]:
        parts = iter(stream)
        while (part := await in_thread(self.threads, next, parts, None)) is not None:
            yield part


async def in_thread(
    threads: ThreadPoolExecutor, work: Callable[..., Result], *arguments: Any
) -> Result:
    return await asyncio.get_running_loop().run_in_executor(threads, work, *arguments)


def answer_of(response: Any) -> Answer:
    """The response as it is sent; of a stream without its content."""
    headers = [(_bytes(name), _bytes(value)) for name, value in response.items()]
    cookies = response.cookies.values()
    headers += [(b"Set-Cookie", _bytes(each.OutputString())) for each in cookies]
    if response.streaming:
        return Answer(response.status_code, headers, b"", response)
    if "Content-Length" not in response:
        headers.append((b"Content-Length", b"%d" % len(response.content)))
    return Answer(response.status_code, headers, response.content)


def refused(scope: Any, status: HTTPStatus, sentence: str, headers: Mapping[str, str]) -> Answer:
    return answer_of(refusal(scope["path"], status, sentence, headers))


def _bytes(header: str | bytes) -> bytes:
    return header if isinstance(header, bytes) else header.encode("latin1")
