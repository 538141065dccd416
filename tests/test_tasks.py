"""Celery's entry points do what the services say."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection

from annotations import tasks
from annotations.database_names import AdvisoryLock
from annotations.models import Job, Role, Source
from annotations.services import jobs
from annotations.services.releases.cut import cut_release
from annotations.services.sources import Provenance, Upload, start_import
from tests.factories import TEXT, approved, make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    ids: list[str] = []
    monkeypatch.setattr(jobs, "_send", lambda id: ids.append(str(id)))
    return ids


def an_import(title: str = "Pasted") -> Job:
    desk = make_desk()
    return start_import(
        desk=desk,
        by=member(desk, Role.EDITOR),
        provenance=Provenance(title=title),
        upload=Upload(TEXT.encode()),
    )


def test_the_task_imports_a_source() -> None:
    job = an_import()

    tasks.run_job(str(job.id))

    job.refresh_from_db()
    assert (job.state, job.progress) == (Job.State.DONE, 100)
    assert Source.objects.get().revisions.get().text == TEXT
    assert job.source == Source.objects.get()


def test_the_same_message_twice_imports_once() -> None:
    job = an_import()

    tasks.run_job(str(job.id))
    tasks.run_job(str(job.id))

    assert Source.objects.count() == 1


def test_the_task_cuts_a_release() -> None:
    desk = make_desk()
    approved(make_annotation(make_source(desk)))
    job = cut_release(desk=desk, by=member(desk, Role.MANAGER))

    tasks.run_job(str(job.id))

    job.refresh_from_db()
    assert job.release is not None


def test_only_one_sweeper_sweeps_at_a_time(sent: list[str]) -> None:
    job = an_import()
    Job.objects.filter(id=job.id).update(created_at="2020-01-01T00:00:00Z")
    sent.clear()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [AdvisoryLock.SWEEP])
        in_another_connection()
        assert sent == []
        cursor.execute("SELECT pg_advisory_unlock(%s)", [AdvisoryLock.SWEEP])
    in_another_connection()

    assert sent == [str(job.id)]


def in_another_connection() -> None:
    def sweep() -> None:
        try:
            tasks.sweep_jobs()
        finally:
            connection.close()

    thread = Thread(target=sweep)
    thread.start()
    thread.join()
