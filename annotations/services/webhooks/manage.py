"""What managers do with webhooks: add, rotate the secret, stop, start, remove, send again."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, Invalid
from annotations.models import DeadLetter, Desk, EventType, User, Webhook
from annotations.models.webhooks import LONGEST_URL
from annotations.policy import Action
from annotations.queries.live.activity import newest_event
from annotations.services.ledger import record
from annotations.services.webhooks.deliver import wake
from annotations.services.webhooks.safe_http import Unreachable, checked_address

MOST_WEBHOOKS = 20  # of a desk
SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64
FORMER_LIVES = timedelta(hours=24)


@transaction.atomic
def add_webhook(*, desk: Desk, by: User, url: str) -> Webhook:
    """An address that is told what happens from now on. Raises Invalid, Refused."""
    policy.require(by, desk, Action.MANAGE)
    Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
    url = url.strip()
    errors = []
    if len(url) > LONGEST_URL:
        errors.append(f"An address may have at most {LONGEST_URL} characters.")
    elif Webhook.objects.filter(desk=desk, url=url).exists():
        errors.append("This URL is notified already.")
    elif Webhook.objects.filter(desk=desk).count() >= MOST_WEBHOOKS:
        errors.append(f"A desk has at most {MOST_WEBHOOKS} webhooks.")
    else:
        try:
            checked_address(url)
        except Unreachable as error:
            errors.append(str(error))
    if errors:
        raise Invalid({"url": errors})
    webhook = Webhook.objects.create(
        desk=desk, url=url, secret=_secret(), created_by=by, cursor=newest_event(desk)
    )
    record(desk=desk, type=EventType.WEBHOOK_ADDED, actor=by, note=_host(webhook))
    return webhook


@transaction.atomic
def rotate_secret(*, webhook: Webhook, by: User) -> Webhook:
    """Sign with a new secret; for a day also with the former one, so that receivers can change."""
    webhook = _locked(webhook, by)
    webhook.former_secret, webhook.secret = webhook.secret, _secret()
    webhook.former_until = timezone.now() + FORMER_LIVES
    webhook.save(update_fields=["former_secret", "former_until", "secret"])
    record(desk=webhook.desk, type=EventType.WEBHOOK_ROTATED, actor=by, note=_host(webhook))
    return webhook


@transaction.atomic
def stop_webhook(*, webhook: Webhook, by: User) -> Webhook:
    """Tell it nothing until it is started again. Stopping twice changes nothing."""
    webhook = _locked(webhook, by)
    if webhook.stopped_at is None:
        webhook.stopped_at = timezone.now()
        webhook.save(update_fields=["stopped_at"])
        record(desk=webhook.desk, type=EventType.WEBHOOK_STOPPED, actor=by, note=_host(webhook))
    return webhook


@transaction.atomic
def start_webhook(*, webhook: Webhook, by: User) -> Webhook:
    """Go on at once, with what happened meanwhile first."""
    webhook = _locked(webhook, by)
    was_stopped = webhook.stopped_at is not None
    webhook.stopped_at, webhook.due_at, webhook.attempts = None, None, 0
    webhook.save(update_fields=["stopped_at", "due_at", "attempts"])
    if was_stopped:
        record(desk=webhook.desk, type=EventType.WEBHOOK_STARTED, actor=by, note=_host(webhook))
    wake(webhook.desk_id)
    return webhook


@transaction.atomic
def remove_webhook(*, webhook: Webhook, by: User) -> None:
    """With its dead letters."""
    webhook = _locked(webhook, by)
    record(desk=webhook.desk, type=EventType.WEBHOOK_REMOVED, actor=by, note=_host(webhook))
    webhook.delete()


@transaction.atomic
def replay(*, webhook: Webhook, by: User, seq: int | None = None) -> int:
    """Send a dead letter again, or all of them; returns how many. Raises Conflict for none."""
    webhook = _locked(webhook, by)
    letters = DeadLetter.objects.filter(webhook=webhook)
    if seq is not None:
        letters = letters.filter(seq=seq)
    asked = letters.update(asked_at=timezone.now())
    if not asked:
        raise Conflict("This was sent in the meantime.")
    wake(webhook.desk_id)
    return asked


def _locked(webhook: Webhook, by: User) -> Webhook:
    policy.require(by, webhook.desk, Action.MANAGE)
    return Webhook.objects.select_for_update().select_related("desk").get(pk=webhook.pk)


def _secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _host(webhook: Webhook) -> str:
    return urlsplit(webhook.url).hostname or ""
