"""Background work. The Job row is the record; the broker only says that there may be some.

An attempt holds a lease. Only the attempt whose lease is in the row may write (fencing); a lease
that ran out, or a message that was lost, is picked up again by `sweep`, at most ATTEMPTS times.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from annotations.database_names import AdvisoryLock
from annotations.errors import Conflict, DomainError
from annotations.models import Desk, Job, User
from annotations.models.identity import new_id
from annotations.services import broker

ATTEMPTS = 3
LEASE = timedelta(minutes=2)
FORGOTTEN = timedelta(seconds=30)
MOST_SENT = 100  # jobs of one sweep
CLAIM_PATIENCE = "5s"  # claims take milliseconds
SHOWN = 0.5  # seconds after which people see how far a long attempt is
RENEWED = 10.0  # seconds after which a long attempt prolongs its lease
ANOTHER_RELEASE = "Waiting for another release of this desk"
OTHER_JOBS = "Waiting for other work of this desk"
OVERTAKEN = "Another attempt has taken over this job."
GAVE_UP = "This could not be finished. Try again; if it fails again, contact a site administrator."

log = structlog.get_logger(__name__)

Work = Callable[[Job, UUID], None]


class Later(Exception):
    """Raised by work that cannot begin now. The job waits without having used up an attempt; the
    text says what for.
    """


def enqueue(
    *,
    desk: Desk,
    by: User,
    type: Job.Type,
    parameters: dict[str, object],
    input: bytes | None = None,
) -> Job:
    """Write the record and, once that is committed, tell the broker."""
    job = Job.objects.create(
        desk=desk, type=type, parameters=parameters, input=input, created_by=by
    )
    transaction.on_commit(lambda: _send(job.id))
    return job


def run(job_id: UUID, work: dict[str, Work]) -> None:
    """One attempt at the job, if it is free and its desk has not used up its share.

    Refusals end it, other errors leave it to the next. Then those that waited are sent.
    """
    job = _claim(job_id)
    if job is None or job.lease is None:
        return
    _attempt(job, job.lease, work)
    # A release that had to wait for this one comes at once: nothing else of its desk is held up.
    if job.type == Job.Type.RELEASE and (after := _release_after(job)) and after.lease:
        _attempt(after, after.lease, work)
    waiting = _waiting().exclude(id=job_id).values_list("id", flat=True)
    for id in waiting[: settings.WORKER_CONCURRENCY]:
        _send(id)


def _release_after(job: Job) -> Job | None:
    same = Job.objects.filter(desk=job.desk, type=job.type, state=Job.State.QUEUED)
    waited = same.filter(step=ANOTHER_RELEASE).order_by("created_at").first()
    return _claim(waited.id) if waited else None


def _attempt(job: Job, lease: UUID, work: dict[str, Work]) -> None:
    job_id = job.id
    try:
        work[job.type](job, lease)
    except Later as later:
        _held(job_id, lease).update(
            state=Job.State.QUEUED, step=str(later), progress=0, attempts=F("attempts") - 1,
            lease=None, lease_until=None,
        )  # fmt: skip
    except DomainError as error:
        _fail(job_id, lease, error.sentence)
    except Exception:
        log.exception("job failed", job=str(job_id), attempt=job.attempts)
        if job.attempts >= ATTEMPTS:
            _fail(job_id, lease, GAVE_UP)
        else:
            _held(job_id, lease).update(
                state=Job.State.QUEUED, step="", progress=0, lease=None, lease_until=None
            )


def report(job_id: UUID, lease: UUID, *, progress: int, step: str) -> None:
    """Show how far the attempt is (per cent), prolong its lease. Raises Conflict if fenced off."""
    until = timezone.now() + LEASE
    if not _held(job_id, lease).update(progress=progress, step=step, lease_until=until):
        raise Conflict(OVERTAKEN)


@dataclass
class Attempt:
    """How far a long attempt is, to be shown and renewed by the thread of `held`."""

    progress: int
    step: str
    lost: bool = False

    def reached(self, progress: int, step: str) -> None:
        """Says how far it is (per cent). Raises Conflict once it is fenced off."""
        if self.lost:
            raise Conflict(OVERTAKEN)
        self.progress, self.step = progress, step


@contextmanager
def held(job_id: UUID, lease: UUID, *, step: str, every: float = RENEWED) -> Iterator[Attempt]:
    """Prolong the lease every so many seconds while the work goes on, however long it takes.

    A thread with a connection of its own does it, because the work may be in a transaction that
    only reads, or wait for one statement for longer than a lease. Raises Conflict if fenced off.
    """
    attempt = Attempt(progress=0, step=step)
    report(job_id, lease, progress=0, step=step)
    over = Event()
    renewing = Thread(target=_renew, args=(job_id, lease, attempt, over, every), daemon=True)
    renewing.start()
    try:
        yield attempt
    finally:
        over.set()
        renewing.join()


def finish(job: Job, lease: UUID, **results: object) -> None:
    """Mark as done inside the transaction that did the work. Raises Conflict when fenced off."""
    held = _held(job.id, lease).select_for_update().first()
    if held is None:
        raise Conflict(OVERTAKEN)
    Job.objects.filter(id=job.id).update(
        state=Job.State.DONE, progress=100, step="", input=None, lease=None, lease_until=None,
        error="", finished_at=timezone.now(), **results,
    )  # fmt: skip


def sweep() -> int:
    """Send again what nobody works on, give up on what ran out of attempts. Returns how many."""
    now = timezone.now()
    stuck = Q(state=Job.State.RUNNING, lease_until__lt=now)
    lost = Q(state=Job.State.QUEUED, created_at__lt=now - FORGOTTEN)
    Job.objects.filter(stuck | lost, attempts__gte=ATTEMPTS).update(
        state=Job.State.FAILED,
        error=GAVE_UP,
        input=None,
        lease=None,
        lease_until=None,
        finished_at=now,
    )
    ids = list(_waiting().filter(stuck | lost).values_list("id", flat=True)[:MOST_SENT])
    for job_id in ids:
        _send(job_id)
    return len(ids)


def _renew(job_id: UUID, lease: UUID, attempt: Attempt, over: Event, every: float) -> None:
    try:
        shown, at = (attempt.progress, attempt.step), time.monotonic()
        while not over.wait(min(every, SHOWN)):
            now = attempt.progress, attempt.step
            if now == shown and time.monotonic() - at < every:
                continue
            try:
                report(job_id, lease, progress=now[0], step=now[1])
                shown, at = now, time.monotonic()
            except Conflict:
                attempt.lost = True
                return
            except DatabaseError:
                log.warning("lease not renewed, will be tried again", job=str(job_id))
                connection.close()
    finally:
        connection.close()


def _send(job_id: UUID) -> None:
    broker.send("annotations.tasks.run_job", str(job_id))


@transaction.atomic
def _claim(job_id: UUID) -> Job | None:
    """The job with a lease, when it is free and its desk has not used up its share."""
    job = Job.objects.filter(id=job_id).values("desk_id", "type").first()
    if job is None:
        return None
    _one_claim_at_a_time(job["desk_id"])
    now = timezone.now()
    others = _running(now).filter(desk=job["desk_id"]).exclude(id=job_id)
    if reason := _reason_to_wait(job["type"], list(others.values_list("type", flat=True))):
        Job.objects.filter(id=job_id, state=Job.State.QUEUED).update(step=reason)
        return None
    taken = Job.objects.filter(_free(now), id=job_id, attempts__lt=ATTEMPTS).update(
        state=Job.State.RUNNING, attempts=F("attempts") + 1, lease=new_id(),
        lease_until=now + LEASE, step="",
    )  # fmt: skip
    return Job.objects.select_related("desk", "created_by").get(id=job_id) if taken else None


def _one_claim_at_a_time(desk_id: UUID) -> None:
    """Of a desk, until the transaction ends; else two of them would count the same jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [CLAIM_PATIENCE])
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [AdvisoryLock.CLAIM, str(desk_id)]
        )


def _reason_to_wait(type: str, running: list[str]) -> str:
    """Given the types of the desk's running jobs; empty when this one may begin."""
    if type == Job.Type.RELEASE and Job.Type.RELEASE in running:
        return ANOTHER_RELEASE
    return OTHER_JOBS if len(running) >= settings.JOBS_OF_A_DESK else ""


def _waiting() -> QuerySet[Job]:
    """What may begin now: of each desk what is left of its share, the desk with the least first."""
    now = timezone.now()
    running = _running(now).filter(desk=OuterRef("desk")).order_by()
    count = running.values("desk").annotate(count=Count("id")).values("count")
    oldest_first = Window(RowNumber(), partition_by="desk", order_by="created_at")
    another_release = running.filter(type=Job.Type.RELEASE)
    return (
        Job.objects.filter(_free(now), attempts__lt=ATTEMPTS)
        .filter(~Q(type=Job.Type.RELEASE) | ~Exists(another_release))
        .annotate(place=oldest_first + Coalesce(Subquery(count), 0))
        .filter(place__lte=settings.JOBS_OF_A_DESK)
        .order_by("place", "created_at")
    )


def _running(now: datetime) -> QuerySet[Job]:
    return Job.objects.filter(state=Job.State.RUNNING, lease_until__gte=now)


def _free(now: datetime) -> Q:
    return Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)


def _held(job_id: UUID, lease: UUID) -> QuerySet[Job]:
    return Job.objects.filter(id=job_id, lease=lease, state=Job.State.RUNNING)


def _fail(job_id: UUID, lease: UUID, sentence: str) -> None:
    _held(job_id, lease).update(
        state=Job.State.FAILED, error=sentence, input=None, lease=None, lease_until=None,
        finished_at=timezone.now(),
    )  # fmt: skip
