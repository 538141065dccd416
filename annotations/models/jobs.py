"""A background task's record. The broker only says that there may be something to do."""

from __future__ import annotations

from django.db import models

from annotations.models.accounts import User
from annotations.models.desks import Desk
from annotations.models.identity import new_id


class Job(models.Model):
    class Type(models.TextChoices):
        IMPORT = "import", "Import"
        RELEASE = "release", "Release"
        SUGGEST = "suggest", "Search"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="jobs")
    type = models.CharField(max_length=10, choices=Type.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Per cent.")
    step = models.CharField(max_length=80, blank=True, help_text="What it is doing, for people.")
    parameters = models.JSONField(default=dict)
    input = models.BinaryField(null=True, help_text="The bytes to import, until they are.")
    source = models.ForeignKey("Source", on_delete=models.SET_NULL, null=True, related_name="+")
    release = models.ForeignKey("Release", on_delete=models.SET_NULL, null=True, related_name="+")
    error = models.TextField(blank=True, help_text="One sentence for people.")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(
        null=True, help_text="Names the attempt that may write; fences off others."
    )
    lease_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(progress__lte=100), name="progress_is_per_cent"
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=["queued", "running"]),
                name="unfinished_jobs",
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.state}"
