"""What workers and the scheduler run."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.db import connection

from annotations.database_names import AdvisoryLock
from annotations.models import Job
from annotations.services import jobs
from annotations.services.accounts.log import delete_old_account_events
from annotations.services.releases.cut import remove_all_leftovers, run_release
from annotations.services.sources import run_import
from annotations.services.suggestions.propose import run_search
from annotations.services.webhooks import deliver

WORK: dict[str, jobs.Work] = {
    Job.Type.IMPORT: run_import,
    Job.Type.RELEASE: run_release,
    Job.Type.SUGGEST: run_search,
}


@shared_task(name="annotations.tasks.run_job")
def run_job(job_id: str) -> None:
    jobs.run(UUID(job_id), WORK)


@shared_task(name="annotations.tasks.tell_webhooks")
def tell_webhooks(desk_id: str) -> None:
    deliver.tell_all(UUID(desk_id))


@shared_task(name="annotations.tasks.tell_webhook")
def tell_webhook(webhook_id: str) -> None:
    deliver.tell(UUID(webhook_id))


def sweep_jobs() -> None:
    """One sweeper at a time, however many schedulers run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [AdvisoryLock.SWEEP])
        if not cursor.fetchone()[0]:
            return
        try:
            jobs.sweep()
            deliver.sweep()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [AdvisoryLock.SWEEP])


def delete_old_lines() -> None:
    """Delete what is kept for a time only."""
    delete_old_account_events()


# What project.scheduler runs, one after the other, and how often.
SCHEDULE: Mapping[Callable[[], None], timedelta] = {
    sweep_jobs: timedelta(seconds=15),
    delete_old_lines: timedelta(hours=1),
    remove_all_leftovers: timedelta(minutes=10),
}
