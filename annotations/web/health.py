"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from collections.abc import Callable

from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

BROKER_PATIENCE = 2  # seconds


class NotReady(Exception):
    """What fails, in a few words without secrets."""


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 when database, migrations and broker are in order, else 503 with a line a fault."""
    faults = [fault for check in CHECKS if (fault := _fault_of(check))]
    body = "\n".join(faults) if faults else "ok"
    return HttpResponse(body + "\n", status=503 if faults else 200, content_type="text/plain")


def check_database() -> None:
    """The database answers and has every migration. Raises NotReady."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        raise NotReady("database: no answer") from error
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise NotReady(f"migrations: {len(missing)} not applied")


def check_broker() -> None:
    """The broker accepts a connection. Raises NotReady."""
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE)
    except (OperationalError, OSError) as error:
        raise NotReady("broker: no answer") from error


CHECKS: tuple[Callable[[], None], ...] = (check_database, check_broker)


def _fault_of(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as fault:
        return str(fault)
    return ""
