"""Django's cache on the broker's server, for all web processes; without it, one a process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.25  # seconds for one round trip
RECOVERY = 5.0  # seconds without asking after it failed

log = structlog.get_logger(__name__)


class JsonSerializer:
    """Instead of pickle: what a cache holds must not run as code."""

    def dumps(self, value: Any) -> bytes | int:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class SharedCache(RedisCache):
    """While the server is away each process keeps its own, so that sign-in goes on, with limits."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params.setdefault("OPTIONS", {}).update(
            serializer=JsonSerializer,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        super().__init__([server], params)
        self.own = LocMemCache("while-the-server-is-away", {})
        self.away_until = 0.0

    def tried(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except redis.RedisError as error:
                self.away_until = time.monotonic() + RECOVERY
                log.warning("cache_is_away", error=str(error))
        return getattr(self.own, name)(*args, **kwargs)


def _trying(name: str) -> Callable[..., Any]:
    def method(self: SharedCache, *args: Any, **kwargs: Any) -> Any:
        return self.tried(name, *args, **kwargs)

    return method


for _name in ("add", "get", "set", "touch", "delete", "has_key", "incr", "get_many", "set_many",
              "delete_many", "clear"):  # fmt: skip
    setattr(SharedCache, _name, _trying(_name))
