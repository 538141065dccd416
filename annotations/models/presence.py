"""Who reads a source now. Not history: the table is unlogged, and a crash empties it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from annotations.models.accounts import User
from annotations.models.sources import Source


class Presence(models.Model):
    """What somebody has on screen, in code points of the newest text, and what they selected."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    selected = models.UUIDField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "user"], name="one_presence_per_source"),
            models.CheckConstraint(
                condition=Q(start__lte=F("end")), name="presence_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.start}"
