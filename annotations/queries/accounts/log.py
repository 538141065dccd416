"""The log of accounts."""

from __future__ import annotations

from django.db.models import QuerySet

from annotations.models import AccountEvent, User


def account_events_of(user: User) -> QuerySet[AccountEvent]:
    """The lines about the person's own account, newest first."""
    return AccountEvent.objects.filter(user=user).select_related("actor").order_by("-id")
