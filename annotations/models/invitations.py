"""Invitations to a desk, or to an account without a desk: by address or by link, kept as a hash."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from annotations.models.accounts import User
from annotations.models.desks import Desk, Role
from annotations.models.identity import new_id

LONGEST_LIFE = timedelta(days=30)
MOST_USES = 50  # of one link


class Invitation(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, null=True, related_name="invitations")
    role = models.CharField(max_length=10, blank=True, choices=Role.choices)
    email = models.EmailField(blank=True, help_text="Empty for a link that anyone may use.")
    was_mailed = models.BooleanField(
        default=False, help_text="The token went to the address by mail, and nowhere else."
    )
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    most = models.PositiveSmallIntegerField(default=1, help_text="How many people may use it.")
    used = models.PositiveSmallIntegerField(default=0)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(desk=None, role="") | Q(desk__isnull=False, role__in=Role.values),
                name="an_invitation_gives_a_role_on_its_desk",
            ),
            models.CheckConstraint(
                condition=Q(most__gte=1, most__lte=MOST_USES, used__lte=F("most")),
                name="an_invitation_is_used_no_more_than_allowed",
            ),
            models.CheckConstraint(
                condition=Q(email="", was_mailed=False) | (~Q(email="") & Q(most=1)),
                name="an_address_is_invited_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    expires_at__gt=F("created_at"), expires_at__lte=F("created_at") + LONGEST_LIFE
                ),
                name="an_invitation_expires",
            ),
        ]
        indexes = [models.Index(fields=["desk", "created_at"], name="invitations_of_a_desk")]

    def __str__(self) -> str:
        return self.email or "a link"
