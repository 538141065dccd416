"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

import psycopg
from celery import current_app
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from annotations.models import Job
from annotations.services.accounts.mailing import mail_server_is_set

PATIENCE = 2  # seconds for the broker, while the database is asked
BROKER_SILENT = "broker: no answer"
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
    """200 when database, migrations and broker are in order, else 503 with a line a fault.

    Answers in PATIENCE and the moment that a living database takes, whatever hangs.
    """
    until, asked = time.monotonic() + PATIENCE, _broker.ask()
    faults = [fault for fault in (_fault_of(check_database), _heard(asked, until)) if fault]
    body = "\n".join(faults) if faults else "ok"
    return HttpResponse(body + "\n", status=503 if faults else 200, content_type="text/plain")


def check_database() -> None:
    """The database answers and has every migration. Raises NotReady."""
    try:
        _connect_anew()
        executor = MigrationExecutor(connection)
    except (psycopg.Error, DatabaseError) as error:
        raise NotReady("database: no answer") from error
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise NotReady(f"migrations: {len(missing)} not applied")


def check_broker() -> None:
    """The broker accepts a connection. Raises NotReady."""
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=PATIENCE)
    except (OperationalError, OSError) as error:
        raise NotReady(BROKER_SILENT) from error


def report() -> list[Finding]:
    """What an administrator looks at first when something does not work."""
    return [
        _finding("Database", _fault_of(check_database), "It answers and is up to date."),
        _finding("Broker", _broker_fault(), "It answers."),
        _waiting_jobs(),
        _room(),
        _mail_server(),
    ]


def _finding(title: str, fault: str, good: str) -> Finding:
    return Finding(title, not fault, f"Not in order: {fault}." if fault else good)


def _waiting_jobs() -> Finding:
    waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("created_at")
    oldest = waiting.values_list("created_at", flat=True).first()
    if oldest is None:
        return Finding("Background work", True, "No jobs are waiting.")
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
    if mail_server_is_set():
        return Finding("Mail", True, f"Mails are sent by {settings.EMAIL_HOST}.")
    return Finding(
        "Mail",
        False,
        "There is no mail server (EMAIL_HOST): invitations are passed on by hand, and addresses "
        "cannot be confirmed.",
    )


class _Broker:
    """Asked in a thread of its own, once for all requests that come meanwhile."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="readyz")
        self._asked: Future[str] | None = None

    def ask(self) -> Future[str]:
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = self._thread.submit(_fault_of, check_broker)
            return self._asked


_broker = _Broker()


def _heard(asked: Future[str], until: float) -> str:
    try:
        return asked.result(max(until - time.monotonic(), 0.1))
    except TimeoutError:
        return BROKER_SILENT


def _broker_fault() -> str:
    return _heard(_broker.ask(), time.monotonic() + PATIENCE)


def _connect_anew() -> None:
    """Raises psycopg.Error. A connection that is open says nothing of a server that hangs."""
    database = connections[DEFAULT_DB_ALIAS]
    connect = database.Database.connect  # type: ignore[attr-defined]
    connect(**database.get_connection_params()).close()


def _fault_of(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as fault:
        return str(fault)
    return ""
