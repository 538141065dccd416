"""Addresses that are told what a desk publishes and retracts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from annotations.models.accounts import User
from annotations.models.desks import Desk
from annotations.models.identity import new_id

LONGEST_URL = 2_000  # characters


class Webhook(models.Model):
    """An address and how far in the desk's ledger it was told; messages follow the ledger's order.

    Secrets are kept as they are: each message is signed with them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=LONGEST_URL)
    secret = models.CharField(max_length=100)
    former_secret = models.CharField(max_length=100, blank=True)
    former_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True)
    cursor = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "url"], name="one_webhook_per_address"),
            models.CheckConstraint(
                condition=Q(former_secret="") | Q(former_until__isnull=False),
                name="former_secrets_end",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class DeadLetter(models.Model):
    """A message that was given up: the event it was about, to be sent again when asked for."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="dead_letters")
    seq = models.BigIntegerField()
    trouble = models.CharField(max_length=300)
    gave_up_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "seq"], name="one_dead_letter_per_event")
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.seq}"
