"""The desk (tenant) and who belongs to it."""

from __future__ import annotations

from django.db import models

from annotations.models.accounts import User
from annotations.models.identity import new_id
from annotations.models.names import IsName


class Role(models.TextChoices):
    """Each role may do all that the ones before it may."""

    READER = "reader", "Reader"  # sees everything on the desk
    EDITOR = "editor", "Editor"  # imports sources, tags and submits
    REVIEWER = "reviewer", "Reviewer"  # decides what is submitted
    MANAGER = "manager", "Manager"  # members, keys, codebook, releases, retractions

    @property
    def rank(self) -> int:
        return list(Role).index(self)


class Desk(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    is_public = models.BooleanField(
        default=False, help_text="Anyone may read what this desk approved, without a key."
    )
    authors_may_approve = models.BooleanField(
        default=False, help_text="For one-person desks: authors may approve their own versions."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="From then on nothing on the desk changes."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=IsName("name"), name="desk_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "user"], name="one_membership_per_user_and_desk"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"
