"""The key that signs sessions, links and forms."""

from __future__ import annotations

import zlib

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32  # characters
FEWEST = 10  # different ones
LEAST = 32  # bytes that are left when what repeats itself is pressed out
HINT = "Make one with: openssl rand -hex 32"


def check_secret_key(key: str) -> str:
    """The key, if nobody can guess it. Raises ImproperlyConfigured."""
    if not key:
        raise ImproperlyConfigured(
            f"Set SECRET_KEY: production does not start without its own. {HINT}"
        )
    if len(key) < SHORTEST:
        raise ImproperlyConfigured(
            f"SECRET_KEY is too short (security.W009): it needs {SHORTEST} characters. {HINT}"
        )
    pressed = len(zlib.compress(key.encode(), 9))
    if key.startswith("django-insecure-") or len(set(key)) < FEWEST or pressed < LEAST:
        raise ImproperlyConfigured(f"SECRET_KEY is easy to guess (security.W009). {HINT}")
    return key
