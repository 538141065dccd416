"""The Valkey or Redis that the web processes share: what is in it may be lost at any time.

It is never waited for. While it is away or hangs, nothing is known of what it has.
"""

from __future__ import annotations

import threading
import time
from typing import Any, ClassVar

import redis
import structlog
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.retry import Retry

PATIENCE = 0.25  # seconds for one round trip
RECOVERY = 5.0  # seconds without asking after it failed

log = structlog.get_logger(__name__)


class SharedCache:
    """One server, asked by one round trip at a time."""

    warning: ClassVar[str] = "the cache is away"

    def __init__(self, url: str) -> None:
        self.server = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),  # by default it would wait several times
        )
        self.away_until = 0.0
        self._trying = threading.Lock()

    def asked(self, commands: Pipeline) -> list[Any] | None:
        """What the server answers; None while it is away, which one caller in RECOVERY tries."""
        if time.monotonic() < self.away_until:
            return None
        is_there = self.away_until == 0.0
        if not is_there and not self._trying.acquire(blocking=False):
            return None
        try:
            answers: list[Any] = commands.execute()
        except (redis.RedisError, OSError) as error:
            if self.away_until == 0.0:
                log.warning(self.warning, error=str(error))
            self.away_until = time.monotonic() + RECOVERY
            return None
        else:
            self.away_until = 0.0
            return answers
        finally:
            if not is_there:
                self._trying.release()
