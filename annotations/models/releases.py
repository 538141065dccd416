"""Numbered immutable snapshots of what a desk approved, each chained to the one before."""

from __future__ import annotations

from django.db import models

from annotations.models.accounts import User
from annotations.models.desks import Desk


class Release(models.Model):
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    notes = models.TextField(blank=True)
    annotation_count = models.PositiveIntegerField()
    ledger_seq = models.BigIntegerField(
        null=True, help_text="What it holds is what was published then; null where it is not known."
    )
    manifest_sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "number"], name="one_release_per_number")
        ]

    def __str__(self) -> str:
        return f"Release {self.number}"


class ReleaseFile(models.Model):
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=80)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    file = models.FileField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="one_release_file_per_name")
        ]

    def __str__(self) -> str:
        return self.name
