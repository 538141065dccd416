"""The live stream as a client reads it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.test import AsyncClient

from annotations.models import Source, User

PATIENCE = 5.0  # seconds


class Stream:
    """An open stream as a client reads it."""

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        self.content = content
        self.text = ""

    async def block(self) -> str | None:
        """The next message or comment; None at the end."""
        while "\n\n" not in self.text:
            try:
                chunk = await asyncio.wait_for(anext(self.content), PATIENCE)
            except StopAsyncIteration:
                return None
            self.text += chunk.decode()
        block, _, self.text = self.text.partition("\n\n")
        return block

    async def event(self) -> dict[str, Any]:
        """The data of the next event."""
        while block := await self.block():
            if data := [line[6:] for line in block.splitlines() if line.startswith("data: ")]:
                return json.loads(data[0])
        raise AssertionError("the stream ended")

    async def ends(self) -> bool:
        while await self.block() is not None:
            pass
        return True


def address(source: Source) -> str:
    return f"/desks/{source.desk.slug}/sources/{source.id}/live"


def watch(
    source: Source,
    person: User,
    read: Callable[[Stream], Awaitable[Any]],
    *,
    headers: dict[str, str] | None = None,
    after: int = 0,
    url: str = "",
) -> Any:
    """What `read` makes of the stream as this person gets it."""

    async def run() -> Any:
        client = AsyncClient()
        await client.aforce_login(person)
        response = await client.get(url or f"{address(source)}?after={after}", headers=headers)
        assert response.status_code == 200, response.content
        content = aiter(response.streaming_content)
        try:
            return await read(Stream(content))
        finally:
            await content.aclose()
            await sync_to_async(connections.close_all)()  # of the thread that answered

    connection.close()  # this thread's own, which would be counted with the server's
    return asyncio.run(run())


def status(url: str, person: User | None = None) -> int:
    async def run() -> int:
        client = AsyncClient()
        if person is not None:
            await client.aforce_login(person)
        try:
            return (await client.get(url)).status_code
        finally:
            await sync_to_async(connections.close_all)()  # of the thread that answered

    return asyncio.run(run())
