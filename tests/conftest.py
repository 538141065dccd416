"""What all tests share."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import structlog
from django.core.cache import cache
from pytest_django import Settings


def pytest_configure() -> None:
    """Log lines go to the standard logging, where `caplog` and pytest's report find them."""
    structlog.configure(
        processors=[structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )


@pytest.fixture(autouse=True)
def quick_and_apart(settings: Settings, tmp_path: Path) -> None:
    """Passwords are hashed quickly, and files are written where only this test sees them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    cache.clear()  # of what was counted


@pytest.fixture
def webhooks_may_lead_here(settings: Settings) -> None:
    """Addresses of this machine are told, which are private ones."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
