from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.environment.limits import DEFAULTS, beside_broker, limits


def test_what_is_not_named_is_as_by_default() -> None:
    assert limits("") == DEFAULTS
    assert limits("key=5, address=0") == {"key": 5, "user": 6_000, "wrong-key": 30}
    assert limits(" off ") == {}


@pytest.mark.parametrize("written", ["keys=5", "key", "key=-1", "key=many", "key=٣", "on"])
def test_what_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="API_LIMITS has"):
        limits(written)


@pytest.mark.parametrize(
    ("broker", "cache"),
    [
        ("redis://valkey:6379/0", "redis://valkey:6379/1"),
        ("rediss://user:secret@host", "rediss://user:secret@host/1"),
        ("redis+socket:///tmp/a/valkey.sock", "unix:///tmp/a/valkey.sock?db=1"),
        ("amqp://guest@rabbit//", ""),
    ],
)
def test_counts_stand_beside_the_queues_in_a_database_of_their_own(broker: str, cache: str) -> None:
    assert beside_broker(broker) == cache
