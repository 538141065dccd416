"""How many live streams a person has open, in all web processes together.

A process that is killed says nothing of its streams: each is forgotten unless it is kept. Where
there is no shared cache, or while it is away, each process counts its own.
"""

from __future__ import annotations

import time
from functools import cache
from uuid import UUID

from django.conf import settings

from annotations.services.cache import SharedCache

LIVES = 45  # seconds that a stream counts unless it is kept


class OpenStreams(SharedCache):
    warning = "streams are counted by each process alone, the cache is away"

    def begin(self, user: UUID, stream: UUID) -> int | None:
        """How many there are with this one; None when nothing is known of the others."""
        key, now = _key(user), time.time()
        commands = self.server.pipeline()
        commands.zremrangebyscore(key, "-inf", now)
        commands.zadd(key, {str(stream): now + LIVES})
        commands.zcard(key)
        commands.expire(key, LIVES)
        answers = self.asked(commands)
        return int(answers[2]) if answers else None

    def keep(self, user: UUID, stream: UUID) -> None:
        commands = self.server.pipeline()
        commands.zadd(_key(user), {str(stream): time.time() + LIVES})
        commands.expire(_key(user), LIVES)
        self.asked(commands)

    def end(self, user: UUID, stream: UUID) -> None:
        commands = self.server.pipeline()
        commands.zrem(_key(user), str(stream))
        self.asked(commands)


@cache
def open_streams() -> OpenStreams | None:
    """The same for all threads; None without a shared cache."""
    return OpenStreams(settings.CACHE_URL) if settings.CACHE_URL else None


def _key(user: UUID) -> str:
    return f"imprimatur:streams:{user}"
