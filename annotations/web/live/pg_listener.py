"""One connection that hears what the database notifies of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import structlog
from django.db import connections
from psycopg import sql

NAME = "imprimatur live"  # as pg_stat_activity shows the connection
PATIENCE = 20.0  # seconds of silence after which the connection is tried
ANSWER = 5.0  # seconds for that
CONNECT = 5  # seconds
PAUSE = 1.0  # seconds before another try to connect

log = structlog.get_logger(__name__)


async def listen(
    channels: Sequence[str], *, began: Callable[[], None], heard: Callable[[str, str], None]
) -> None:
    """Call `heard(channel, payload)` for each notification, until cancelled.

    `began` is called whenever listening begins, so that what was missed before can be looked up.
    """
    while True:
        try:
            await _listen_once(channels, began, heard)
        except (psycopg.Error, OSError) as error:
            log.warning("live.listener_lost", reason=str(error))
            await asyncio.sleep(PAUSE)


async def _listen_once(
    channels: Sequence[str], began: Callable[[], None], heard: Callable[[str, str], None]
) -> None:
    """Until the connection fails. Raises psycopg.Error, OSError."""
    listener = await psycopg.AsyncConnection.connect(
        **{"connect_timeout": CONNECT} | _parameters(), autocommit=True
    )
    async with listener:
        for channel in channels:
            await listener.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        began()
        while True:
            async for notification in listener.notifies(timeout=PATIENCE):
                heard(notification.channel, notification.payload)
            async with asyncio.timeout(ANSWER):
                await listener.execute("SELECT 1")


def _parameters() -> dict[str, Any]:
    """How to connect to the database that Django uses, without Django's own cursors."""
    parameters = connections["default"].get_connection_params()
    own = {"cursor_factory", "context", "prepare_threshold"}
    chosen = {name: value for name, value in parameters.items() if name not in own}
    return {**chosen, "application_name": NAME}
