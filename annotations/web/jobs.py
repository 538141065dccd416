"""How far a background task is."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotations.models import Job
from annotations.queries.jobs import job_on
from annotations.web.members import DeskRequest, members_only


@require_safe
@never_cache
@members_only()
def job(request: DeskRequest, job: UUID) -> HttpResponse:
    """The page asks again each second until the task has ended, then goes on to what it made."""
    found = job_on(request.desk, job)
    context = {
        "desk": request.desk,
        "role": request.role,
        "job": found,
        "target": _target(found, request.desk.slug),
        "unfinished": found.state in (Job.State.QUEUED, Job.State.RUNNING),
    }
    template = "jobs/_progress.html" if request.htmx else "jobs/job.html"
    return render(request, template, context)


def _target(job: Job, desk: str) -> str:
    """Where to go once it is done; empty before."""
    if job.state != Job.State.DONE:
        return ""
    if job.source_id:
        return reverse("annotate", args=[desk, job.source_id])
    if job.release:
        return reverse("release", args=[desk, job.release.number])
    return reverse("desk", args=[desk])
