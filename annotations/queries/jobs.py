"""Background tasks of a desk."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from annotations.errors import NotFound
from annotations.models import Desk, Job


def jobs_of(desk: Desk) -> QuerySet[Job]:
    """Newest first, without the bytes they work on."""
    return (
        Job.objects.filter(desk=desk)
        .defer("input")
        .select_related("source", "release", "created_by")
        .order_by("-created_at")
    )


def job_on(desk: Desk, id: UUID) -> Job:
    """Raises NotFound."""
    job = jobs_of(desk).filter(id=id).first()
    if job is None:
        raise NotFound("There is no such job on this desk.")
    return job
