"""Where ids come from: UUIDv7 (RFC 9562 §5.7), ordered by the time they were made."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7. Clients may make their own, so that a retry never makes two rows."""
    return uuid7()
