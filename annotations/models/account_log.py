"""The log of accounts: who signed in from where, and what was changed about an account.

Apart from the desks' ledgers: it is of the site, nobody reads another person's but those who run
the site, and its lines are deleted after a year.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from annotations.models.accounts import User

KEPT_FOR = timedelta(days=365)  # as the trigger `account_log_is_append_only` has it
LONGEST_DEVICE = 200  # characters
LONGEST_NOTE = 200  # characters


class AccountEventType(models.TextChoices):
    """Labels stand beside the time on the pages."""

    ACCOUNT_MADE = "account.made", "Account made"
    ACCOUNT_CLOSED = "account.closed", "Account closed"
    ACCOUNT_REOPENED = "account.reopened", "Account reopened"
    SIGNED_IN = "session.started", "Signed in"
    SIGN_IN_FAILED = "session.refused", "Sign-in failed"
    SIGNED_OUT = "session.ended", "Signed out"
    SESSIONS_ENDED = "sessions.ended", "Signed out on other devices"
    REAUTHENTICATION_FAILED = "reauthentication.failed", "Wrong password while signed in"
    PASSWORD_CHANGED = "password.changed", "Password changed"
    PASSWORD_RESET_SENT = "password.reset_sent", "Password reset requested"
    PASSWORD_RESET = "password.reset", "Password reset"
    ADDRESS_CONFIRMED = "address.confirmed", "Email address confirmed"
    ADDRESS_CHANGED = "address.changed", "Email address changed"
    FACTOR_ADDED = "factor.added", "Second factor added"
    FACTOR_REMOVED = "factor.removed", "Second factor removed"
    RECOVERY_CODES_MADE = "factor.recovery_codes", "New recovery codes made"
    RECOVERY_CODE_USED = "factor.recovery_used", "Recovery code used"
    IDENTITY_CONNECTED = "identity.connected", "Single sign-on connected"
    INVITATION_ACCEPTED = "invitation.accepted", "Invitation accepted"
    ROLE_CHANGED = "role.changed", "Role changed"
    ADMINISTRATOR_CHANGED = "administrator.changed", "Site administration changed"
    SITE_CHANGED = "site.changed", "Rule of this site changed"
    KEY_MADE = "key.made", "API key made"
    KEY_REVOKED = "key.revoked", "API key revoked"


class AccountEvent(models.Model):
    type = models.CharField(max_length=30)  # an AccountEventType
    # None where somebody tried to sign in with an address that no account has.
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="account_events", db_index=False
    )
    # Who did it; None for the person of the account, and for the command line.
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    # Of the client; empty where there is none, as at the command line.
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=LONGEST_DEVICE, blank=True, help_text="User-Agent")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="account_events_of_a_user"),
            models.Index(fields=["at"], name="account_events_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.type}"

    @property
    def label(self) -> str:
        return AccountEventType(self.type).label
