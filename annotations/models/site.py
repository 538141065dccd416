"""What is of the site as a whole: its rules, and its set-up link while nobody has an account."""

from __future__ import annotations

from django.db import models


class SetUp(models.Model):
    """The newest link by which the first administrator makes an account; one row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sha256 = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_set_up_link")
        ]

    def __str__(self) -> str:
        return f"until {self.expires_at}"


class SiteSettings(models.Model):
    """What administrators decide for everybody; one row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    second_factor_required = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="the_site_has_one_row")
        ]

    def __str__(self) -> str:
        return "settings of the site"
