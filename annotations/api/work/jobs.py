"""Answering that a job has taken the work on."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.response import Response

from annotations.api.serializers.responses import JobOutput
from annotations.models import Desk, Job


def accepted(desk: Desk, job: Job) -> Response:
    """202 with the job, and in `Location` the address to ask for it."""
    address = reverse("api:job", args=[desk.slug, job.id])
    return Response(JobOutput(job).data, status=202, headers={"Location": address})
