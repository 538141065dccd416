"""What all tests share."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate
from pytest_django import Settings

from project.database.owner import Operations


def pytest_configure() -> None:
    """Log lines go to the standard logging, where `caplog` and pytest's report find them."""
    structlog.configure(
        processors=[structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )


@pytest.fixture(scope="session", autouse=True)
def databases_are_emptied_quickly() -> Iterator[None]:
    """Few rows are deleted sooner than all tables are truncated; nothing is made anew after it.

    Nothing asks for the permissions and content types that Django's receivers would write.
    """
    receivers, post_migrate.receivers = post_migrate.receivers, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Operations, "sql_flush", rows_deleted)
        yield
    post_migrate.receivers = receivers


def rows_deleted(
    operations: Operations, style: Any, tables: list[str], **_options: Any
) -> list[str]:
    """Statements for the owner, whom no trigger stops."""
    names = [operations.quote_name(each) for each in sorted(tables)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'EXISTS (SELECT FROM {each})' for each in names)}")
        filled = [name for name, has_rows in zip(names, cursor.fetchone(), strict=True) if has_rows]
    return [
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {each}" for each in filled),
    ]


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
