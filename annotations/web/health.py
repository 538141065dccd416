"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from annotations.models import Job

BROKER_PATIENCE = 2  # seconds
LONG_WAIT = timedelta(minutes=2)
LITTLE_ROOM = 1_000_000_000  # bytes


@dataclass(frozen=True)
class Finding:
    """A line of the page of health."""

    title: str
    is_good: bool
    sentence: str


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


def report() -> list[Finding]:
    """What an administrator looks at first when something does not work."""
    return [
        _finding("Database", check_database, "It answers and is up to date."),
        _finding("Broker", check_broker, "It answers."),
        _waiting_jobs(),
        _room(),
        _mail_server(),
    ]


def _finding(title: str, check: Callable[[], None], good: str) -> Finding:
    fault = _fault_of(check)
    return Finding(title, not fault, f"Not in order: {fault}." if fault else good)


def _waiting_jobs() -> Finding:
    waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("created_at")
    oldest = waiting.values_list("created_at", flat=True).first()
    if oldest is None:
        return Finding("Background work", True, "No job waits.")
    waits = timezone.now() - oldest
    minutes = int(waits.total_seconds() // 60)
    if waits < LONG_WAIT:
        return Finding("Background work", True, "Jobs are taken within two minutes.")
    return Finding(
        "Background work",
        False,
        f"A job has waited for {minutes} minutes. Look whether the worker runs.",
    )


def _room() -> Finding:
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError as error:
        return Finding("Disk", False, f"The data folder cannot be read: {error.strerror}.")
    return Finding("Disk", free >= LITTLE_ROOM, f"{free / 1e9:,.1f} GB are free for files.")


def _mail_server() -> Finding:
    if settings.MAIL_SERVER:
        return Finding("Mail", True, f"Mails are sent by {settings.EMAIL_HOST}.")
    return Finding(
        "Mail",
        False,
        "There is no mail server (EMAIL_HOST): invitations are passed on by hand, and addresses "
        "cannot be confirmed.",
    )


CHECKS: tuple[Callable[[], None], ...] = (check_database, check_broker)


def _fault_of(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as fault:
        return str(fault)
    return ""
