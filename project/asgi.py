"""The ASGI application that uvicorn serves."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import IO, Any, NamedTuple, TypeVar

import django
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries
from django.http import StreamingHttpResponse
from django.urls import set_script_prefix

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

Result = TypeVar("Result")


class Answer(NamedTuple):
    """A response as ASGI sends it; a stream is still to be read and closed."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes
    stream: StreamingHttpResponse | None


class Handler(ASGIHandler):
    """Does all of a request in one visit to one of a few threads.

    Django's own way crosses over to a thread for each hook of each middleware, for the view and for
    the end of the request, and watches in tasks whether the client is still there, which takes
    longer than most requests. Here only streams end when their client leaves, and those that read
    files are read piece by piece.
    """

    def __init__(self) -> None:
        super().__init__()
        self.threads = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="request")

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Only HTTP is served here, not {scope['type']}.")
        await self.handle(scope, receive, send)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        status, headers, content, stream = await self._in_thread(self._answer, scope, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if stream is not None:
            try:
                await self._send_stream(stream, receive, send)
            except TimeoutError:
                return  # without an end, by which the reader knows that it is not all
        await send({"type": "http.response.body", "body": content})

    def _answer(self, scope: Any, body: IO[bytes]) -> Answer:
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        headers = [(_bytes(name), _bytes(value)) for name, value in response.items()]
        cookies = response.cookies.values()
        headers += [(b"Set-Cookie", _bytes(each.OutputString())) for each in cookies]
        if response.streaming:
            close_old_connections()  # it may last for hours, and reads in other threads
            return Answer(response.status_code, headers, b"", response)
        response.close()
        body.close()
        return Answer(response.status_code, headers, response.content, None)

    async def _send_stream(self, stream: StreamingHttpResponse, receive: Any, send: Any) -> None:
        sending = asyncio.ensure_future(self._send_parts(stream, send))
        leaving = asyncio.ensure_future(receive())
        try:
            await asyncio.wait([sending, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            sending.cancel()
            await asyncio.wait([sending])
            await self._in_thread(stream.close)
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
        while (part := await self._in_thread(next, parts, None)) is not None:
            yield part

    async def _in_thread(self, work: Callable[..., Result], *arguments: Any) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, work, *arguments)


def _bytes(header: str | bytes) -> bytes:
    return header if isinstance(header, bytes) else header.encode("latin1")


django.setup(set_prefix=False)
# The end of a request gives its connection back; asking at the start too is one more visit.
request_started.disconnect(close_old_connections)
request_started.disconnect(reset_queries)
application = Handler()
