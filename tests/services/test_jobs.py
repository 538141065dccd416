"""Background work survives lost messages, killed workers and late comers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from uuid import UUID

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from annotations.errors import Conflict
from annotations.models import Desk, Job, Role
from annotations.models.identity import new_id
from annotations.services import jobs
from tests.factories import make_desk, member

pytestmark = pytest.mark.django_db

Doing = Callable[[Job, UUID], None]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the jobs that the broker was told of."""
    ids: list[str] = []

    def send_task(_name: str, *, args: list[str], **_options: object) -> None:
        ids.extend(args)

    monkeypatch.setattr(current_app, "send_task", send_task)
    return ids


def a_job(**values: object) -> Job:
    desk = make_desk()
    job = jobs.enqueue(
        desk=desk,
        by=member(desk, Role.EDITOR),
        type=Job.Type.IMPORT,
        parameters={},
        input=b"some text",
    )
    Job.objects.filter(id=job.id).update(**values)
    return job


def attempt(job: Job, doing: Doing) -> Job:
    jobs.run(job.id, {Job.Type.IMPORT: doing})
    job.refresh_from_db()
    return job


def finishing(job: Job, lease: UUID) -> None:
    with transaction.atomic():
        jobs.finish(job, lease)


def refusing(_job: Job, _lease: UUID) -> None:
    raise Conflict("It cannot be done.")


def breaking(_job: Job, _lease: UUID) -> None:
    raise RuntimeError("out of luck")


def past() -> object:
    return timezone.now() - timedelta(minutes=1)


def test_the_broker_is_told_when_the_record_is_committed(
    sent: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = a_job()
        assert sent == []

    assert sent == [str(job.id)]


def test_a_job_is_kept_when_the_broker_is_down(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    nowhere = current_app.connection_for_write("redis+socket:///nonexistent/valkey.sock")
    monkeypatch.setattr(
        current_app, "send_task", partial(current_app.send_task, connection=nowhere)
    )

    with django_capture_on_commit_callbacks(execute=True):
        job = a_job()

    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_work_that_is_done_is_done_once() -> None:
    job = attempt(a_job(), finishing)
    again = attempt(job, breaking)

    assert (again.state, again.progress, again.attempts) == (Job.State.DONE, 100, 1)
    assert again.input is None
    assert again.lease is None
    assert again.finished_at is not None


def test_a_refusal_ends_the_job_with_its_sentence() -> None:
    job = attempt(a_job(), refusing)

    assert (job.state, job.error, job.input) == (Job.State.FAILED, "It cannot be done.", None)


def test_a_failure_leaves_the_job_to_the_next_attempt() -> None:
    job = attempt(a_job(), breaking)
    assert (job.state, job.attempts, job.lease) == (Job.State.QUEUED, 1, None)

    job = attempt(job, finishing)

    assert (job.state, job.attempts) == (Job.State.DONE, 2)


def test_the_third_failure_is_the_last() -> None:
    job = a_job()
    for _ in range(jobs.ATTEMPTS):
        attempt(job, breaking)

    attempt(job, finishing)

    assert (job.state, job.attempts) == (Job.State.FAILED, 3)
    assert (job.error, job.input) == (jobs.GAVE_UP, None)


def test_a_running_job_is_not_started_twice() -> None:
    job = a_job()
    others: list[str] = []

    def during(running: Job, lease: UUID) -> None:
        jobs.run(running.id, {Job.Type.IMPORT: lambda *_: others.append("started")})
        finishing(running, lease)

    attempt(job, during)

    assert others == []
    assert job.state == Job.State.DONE


def test_an_attempt_that_lost_its_lease_can_write_no_more() -> None:
    job = a_job()

    def overtaken(running: Job, lease: UUID) -> None:
        Job.objects.filter(id=running.id).update(lease_until=past())
        attempt(job, finishing)
        with pytest.raises(Conflict):
            jobs.report(running.id, lease, progress=50, step="Late")
        finishing(running, lease)

    attempt(job, overtaken)

    assert (job.state, job.progress, job.error) == (Job.State.DONE, 100, "")


def test_progress_prolongs_the_lease() -> None:
    job = a_job()
    seen: list[Job] = []

    def reporting(running: Job, lease: UUID) -> None:
        Job.objects.filter(id=running.id).update(lease_until=past())
        jobs.report(running.id, lease, progress=40, step="Reading")
        seen.append(Job.objects.get(id=running.id))
        finishing(running, lease)

    attempt(job, reporting)

    assert (seen[0].progress, seen[0].step) == (40, "Reading")
    assert seen[0].lease_until is not None
    assert seen[0].lease_until > timezone.now()


def test_the_sweeper_sends_lost_and_stuck_jobs_again(sent: list[str]) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    lost = a_job(created_at=long_ago)
    stuck = a_job(state=Job.State.RUNNING, attempts=1, lease=new_id(), lease_until=past())
    a_job()  # its message may still be on its way
    a_job(state=Job.State.RUNNING, lease=new_id(), lease_until=timezone.now() + jobs.LEASE)
    a_job(state=Job.State.DONE, created_at=long_ago)
    a_job(state=Job.State.FAILED, created_at=long_ago)

    assert jobs.sweep() == 2

    assert sent == [str(lost.id), str(stuck.id)]
    assert attempt(stuck, finishing).state == Job.State.DONE


def test_the_sweeper_gives_up_on_a_job_that_kills_its_workers(sent: list[str]) -> None:
    job = a_job(state=Job.State.RUNNING, attempts=jobs.ATTEMPTS, lease=new_id(), lease_until=past())

    jobs.sweep()

    job.refresh_from_db()
    assert sent == []
    assert (job.state, job.error, job.input) == (Job.State.FAILED, jobs.GAVE_UP, None)


def test_an_unknown_job_is_nothing_to_do() -> None:
    jobs.run(new_id(), {Job.Type.IMPORT: breaking})

    assert not Job.objects.exists()


def running_job(desk: Desk, type: Job.Type = Job.Type.IMPORT) -> Job:
    job = queued_job(desk, type)
    until = timezone.now() + jobs.LEASE
    Job.objects.filter(id=job.id).update(
        state=Job.State.RUNNING, attempts=1, lease=new_id(), lease_until=until
    )
    return job


def queued_job(desk: Desk, type: Job.Type = Job.Type.IMPORT, **values: object) -> Job:
    job = jobs.enqueue(desk=desk, by=member(desk, Role.MANAGER), type=type, parameters={})
    Job.objects.filter(id=job.id).update(**values)
    return job


def state_of(job: Job) -> tuple[str, str, int]:
    job.refresh_from_db()
    return job.state, job.step, job.attempts


@pytest.fixture
def of_a_desk(settings: Settings) -> int:
    settings.WORKER_CONCURRENCY, settings.JOBS_OF_A_DESK = 3, 2
    return 2


def test_a_desk_that_uses_its_share_waits_and_the_other_desk_begins(
    sent: list[str], of_a_desk: int
) -> None:
    busy, other = make_desk(), make_desk()
    for _ in range(of_a_desk):
        running_job(busy)
    waiting, begun = queued_job(busy), queued_job(other)

    attempt(waiting, breaking)
    attempt(begun, finishing)

    assert state_of(waiting) == (Job.State.QUEUED, jobs.OTHER_JOBS, 0)
    assert state_of(begun)[0] == Job.State.DONE


def test_an_attempt_that_is_over_sends_what_waited_of_each_desk_its_share(
    sent: list[str], of_a_desk: int
) -> None:
    busy, other, third = make_desk(), make_desk(), make_desk()
    running = queued_job(busy)
    waiting = [queued_job(busy) for _ in range(5)]
    others = [queued_job(other) for _ in range(5)]
    last = queued_job(third)
    running_job(busy)

    attempt(running, finishing)

    # One of the busy desk is running still, so one more of it may come, after those of the others.
    assert sent == [str(others[0].id), str(last.id), str(waiting[0].id)]


def test_what_the_sweeper_sends_of_one_desk_hides_no_other(sent: list[str], of_a_desk: int) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    busy, other = make_desk(), make_desk()
    many = [queued_job(busy, created_at=long_ago + timedelta(seconds=n)) for n in range(150)]
    one = queued_job(other, created_at=long_ago + timedelta(minutes=3))

    assert jobs.sweep() == 3

    assert sent == [str(many[0].id), str(one.id), str(many[1].id)]


def test_a_release_does_not_begin_beside_another_of_its_desk(
    sent: list[str], of_a_desk: int
) -> None:
    desk, other = make_desk(), make_desk()
    running_job(desk, Job.Type.RELEASE)
    waiting = queued_job(desk, Job.Type.RELEASE)
    elsewhere = queued_job(other, Job.Type.RELEASE)

    for job in (waiting, elsewhere):
        jobs.run(job.id, {Job.Type.RELEASE: finishing})

    assert state_of(waiting) == (Job.State.QUEUED, jobs.ANOTHER_RELEASE, 0)
    assert state_of(elsewhere)[0] == Job.State.DONE
    assert sent == []  # the one that waits is not sent while the other runs


def test_work_that_cannot_begin_uses_up_no_attempt(sent: list[str]) -> None:
    def later(_job: Job, _lease: UUID) -> None:
        raise jobs.Later("Waiting for the tide")

    job = a_job()
    for _ in range(2 * jobs.ATTEMPTS):
        attempt(job, later)

    assert state_of(job) == (Job.State.QUEUED, "Waiting for the tide", 0)
    assert attempt(job, finishing).state == Job.State.DONE


def test_claims_of_a_desk_at_the_same_time_do_not_exceed_its_share(
    transactional_db: None, sent: list[str], of_a_desk: int
) -> None:
    desk = make_desk()
    ids = [queued_job(desk).id for _ in range(8)]
    begun, over = [], Event()

    def hold(job: Job, lease: UUID) -> None:
        begun.append(job.id)
        over.wait(20)
        finishing(job, lease)

    def run(id: UUID) -> None:
        try:
            jobs.run(id, {Job.Type.IMPORT: hold})
        finally:
            connection.close()

    threads = [Thread(target=run, args=(id,)) for id in ids]
    for thread in threads:
        thread.start()
    while sum(thread.is_alive() for thread in threads) > of_a_desk:
        time.sleep(0.01)
    over.set()
    for thread in threads:
        thread.join()

    assert len(begun) == of_a_desk
