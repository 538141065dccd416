"""Bodies of requests, read with a limit of size and of time.

A stranger's body is small. What is larger is read on only once it is known who sends it, and then
up to the limit of what is sent there. Nothing is looked at before it is whole.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import IO, Any

from django.conf import settings
from django.urls import Resolver404, resolve

from annotations.api.http.json_parser import largest_body

OF_STRANGERS = 64_000  # bytes
IMPORTS = frozenset({"source_import", "api:work-sources"})  # routes that take whole sources
PATIENCE = 20.0  # seconds for a body of no size
SLOWEST = 16_000  # bytes a second in the long run
DRAINED = 50_000_000  # bytes read and dropped, so that a client hears why before it has sent all
DRAINING = 10.0  # seconds
AHEAD = 64_000  # bytes taken in while it is not known yet who sends them

Receive = Callable[[], Awaitable[dict[str, Any]]]


class BodyRefused(Exception):
    """The body is not taken; the text is a sentence for people."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class ClientGone(Exception):
    """The client left before its request was whole."""


class Body:
    """One body, as it comes in."""

    def __init__(self, scope: Any, receive: Receive) -> None:
        self.scope = scope
        self.receive = receive
        self.size = 0
        self.more = True
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - the request's to close
            max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        )
        self._began = asyncio.get_running_loop().time()

    async def read(self, is_known: Callable[[], Awaitable[bool]]) -> IO[bytes]:
        """The whole body from its start. `is_known` says whether a person or a key sends it.

        Raises BodyRefused, ClientGone, whatever `is_known` raises; OSError when the disk is full.
        """
        try:
            if max(self._announced(), await self._read_to(OF_STRANGERS)) > OF_STRANGERS:
                began = asyncio.get_running_loop().time()
                if not await is_known():
                    raise self._too_large("Sign in before you send as much as this.")
                self._began += asyncio.get_running_loop().time() - began  # not the client's time
                limit = largest_here(self.scope)
                if max(self._announced(), await self._read_to(limit)) > limit:
                    raise self._too_large(
                        f"The request is larger than the {limit:,} bytes that are taken here."
                    )
        except BaseException:
            self.file.close()
            raise
        self.file.seek(0)
        return self.file

    async def left(self) -> dict[str, Any]:
        """Returns once the client has left; may be cancelled.

        What comes in meanwhile is kept, up to AHEAD bytes. After that the client has to wait, and
        nobody hears whether it does.
        """
        most = self.size + AHEAD
        while self.more and self.size <= most:
            try:
                self._keep(await self._next())
            except ClientGone:
                return {"type": "http.disconnect"}
        if self.more:
            await asyncio.get_running_loop().create_future()
        return await self.receive()

    async def drop_rest(self) -> None:
        """Read on without keeping it, for a while: who is still sending does not read answers."""
        try:
            async with asyncio.timeout(DRAINING):
                while self.more and max(self.size, self._announced()) <= DRAINED:
                    self.size += len(await self._next())
        except (TimeoutError, ClientGone):
            return

    async def _read_to(self, limit: int) -> int:
        """Read until the end or until there are more bytes than the limit; how many there are."""
        if self._announced() > limit:
            return self.size
        while self.more and self.size <= limit:
            self._keep(await self._in_time())
        return self.size

    def _keep(self, part: bytes) -> None:
        self.size += len(part)
        self.file.write(part)

    async def _in_time(self) -> bytes:
        ends = self._began + PATIENCE + self.size / SLOWEST
        try:
            async with asyncio.timeout_at(ends):
                return await self._next()
        except TimeoutError as error:
            raise BodyRefused(
                HTTPStatus.REQUEST_TIMEOUT, "The rest of the request did not come in time."
            ) from error

    async def _next(self) -> bytes:
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        self.more = message.get("more_body", False)
        return bytes(message.get("body", b""))

    def _announced(self) -> int:
        """What Content-Length says; 0 without one."""
        for name, value in self.scope["headers"]:
            if name == b"content-length":
                return int(value)
        return 0

    @staticmethod
    def _too_large(sentence: str) -> BodyRefused:
        return BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)


def largest_here(scope: Any) -> int:
    """Bytes that are taken at this address."""
    try:
        name = resolve(scope["path"]).view_name if scope["method"] == "POST" else ""
    except Resolver404:
        name = ""
    return largest_body(takes_sources=name in IMPORTS)
