"""Webhooks of a desk."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from annotations.errors import NotFound
from annotations.models import PUBLIC_EVENTS, DeadLetter, Desk, Event, Webhook


def webhooks_of(desk: Desk) -> QuerySet[Webhook]:
    """In the order in which they were added, each with its dead letters; two statements."""
    letters = DeadLetter.objects.order_by("seq")
    return (
        Webhook.objects.filter(desk=desk)
        .select_related("created_by")
        .prefetch_related(Prefetch("dead_letters", letters))
        .order_by("id")
    )


def webhook_on(desk: Desk, id: UUID) -> Webhook:
    """Raises NotFound."""
    webhook = Webhook.objects.select_related("desk").filter(desk=desk, id=id).first()
    if webhook is None:
        raise NotFound("There is no such webhook.")
    return webhook


def webhooks_to_tell() -> QuerySet[Webhook]:
    """Those that something is due for, and that nobody is telling just now."""
    now = timezone.now()
    news = Event.objects.filter(
        desk=OuterRef("desk"), seq__gt=OuterRef("cursor"), type__in=PUBLIC_EVENTS
    )
    asked = DeadLetter.objects.filter(webhook=OuterRef("pk"), asked_at__isnull=False)
    is_due = Q(due_at=None) | Q(due_at__lte=now)
    is_free = Q(lease=None) | Q(lease_until__lt=now)
    return Webhook.objects.filter(
        is_free, (is_due & Exists(news)) | Exists(asked), stopped_at=None
    ).order_by("id")
