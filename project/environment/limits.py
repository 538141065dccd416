"""How many requests one client may make, as the environment says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

OFF = "off"
DEFAULTS: Final[Mapping[str, int]] = {  # requests a minute
    "key": 1_200,
    "user": 6_000,  # the page for tagging sends what was done offline at once
    "address": 300,
    "wrong-key": 30,
}


def limits(written: str) -> dict[str, int]:
    """From `key=1200,address=300`, what is not named as by default; `off` for none at all.

    0 switches one off. Raises ImproperlyConfigured.
    """
    if written.strip() == OFF:
        return {}
    chosen = dict(DEFAULTS)
    for part in filter(None, (part.strip() for part in written.split(","))):
        name, _, number = part.partition("=")
        if name not in DEFAULTS or not (number.isascii() and number.isdigit()):
            raise ImproperlyConfigured(
                f"API_LIMITS has “{part}”: write “off”, or {', '.join(DEFAULTS)} = a number each."
            )
        chosen[name] = int(number)
    return {name: number for name, number in chosen.items() if number}


def beside_broker(broker: str) -> str:
    """The database 1 of the broker's server, whose queues are in 0; "" if it is none of Redis."""
    at = urlsplit(broker)
    if at.scheme == "redis+socket":
        return f"unix://{at.path}?db=1"
    if at.scheme in ("redis", "rediss"):
        return at._replace(path="/1").geturl()
    return ""
