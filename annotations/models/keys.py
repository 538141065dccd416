"""API keys: shown once, kept as a hash."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from annotations.models.accounts import User
from annotations.models.desks import Desk, Role
from annotations.models.identity import new_id
from annotations.models.names import IsName


class Scope(models.TextChoices):
    """What a key may be used for, always within its user's role on its desk."""

    PUBLISHED_READ = "published:read", "Read what was approved"
    WORK_READ = "work:read", "Read work in progress"
    WORK_WRITE = "work:write", "Import, tag, submit and decide"


class ApiKey(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="keys")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    role: Role | None = None  # of its user on its desk, where the key was found by its secret

    class Meta:
        constraints = [
            models.CheckConstraint(condition=IsName("name"), name="key_has_a_name"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values) & ~Q(scopes=[]),
                name="scopes_are_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
