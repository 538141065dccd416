"""How far a background task is."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotations.models import Job
from annotations.queries.jobs import job_on
from annotations.web.access import DeskRequest, members_only


@dataclass(frozen=True)
class Words:
    """What the page says of a type of job; `ways` lead on from a failure, the best one first."""

    doing: str
    failed: str
    done: str
    go: str
    ways: tuple[tuple[str, str], ...]


WORDS = {
    Job.Type.IMPORT: Words(
        "Importing the text",
        "The text was not imported",
        "The text is here",
        "Open it",
        (("Import again", "source_import"), ("Go to sources", "sources")),
    ),
    Job.Type.RELEASE: Words(
        "Creating the release",
        "The release was not created",
        "The release is ready",
        "See the release",
        (("Go to releases", "releases"),),
    ),
    Job.Type.SUGGEST: Words(
        "Searching all sources",
        "The sources were not searched",
        "All sources are searched",
        "See what was found",
        (("Go to suggestions", "suggestions"),),
    ),
}

# The entry of the navigation that a type of job belongs to.
SECTIONS = {
    Job.Type.IMPORT: "sources",
    Job.Type.RELEASE: "releases",
    Job.Type.SUGGEST: "suggestions",
}


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
        "nav_view": SECTIONS[Job.Type(found.type)],
        "words": WORDS[Job.Type(found.type)],
        "target": _target(found, request.desk.slug),
        "unfinished": found.state in (Job.State.QUEUED, Job.State.RUNNING),
    }
    template = "jobs/_progress.html" if request.htmx else "jobs/job.html"
    return render(request, template, context)


def _target(job: Job, desk: str) -> str:
    """Where to go once it is done; empty before."""
    if job.state != Job.State.DONE:
        return ""
    if job.type == Job.Type.SUGGEST:
        return reverse("suggestions", args=[desk])
    if job.source_id:
        return reverse("annotate", args=[desk, job.source_id])
    if job.release:
        return reverse("release", args=[desk, job.release.number])
    return reverse("desk", args=[desk])
