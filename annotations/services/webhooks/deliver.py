"""Telling webhooks what was published and retracted, at least once and in the ledger's order.

Each webhook follows the desk's ledger by a cursor of its own, so nothing has to be queued and
nothing can be lost: the broker only says that there may be something. Messages are those of
Standard Webhooks (standardwebhooks.com, specification 1.0). One that fails is tried again for some
days while those after it wait; then it is put aside as a dead letter, and the next one is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from standardwebhooks import Webhook as Signer

from annotations.models import DeadLetter, Webhook
from annotations.models.identity import new_id
from annotations.queries.live.activity import newest_event
from annotations.queries.published.changes import changes_after
from annotations.queries.webhooks import webhooks_to_tell
from annotations.services import broker
from annotations.services.deadlines import Deadline
from annotations.services.webhooks.safe_http import PATIENCE, Unreachable, post

# As the specification suggests: quickly at first, then for more than three days.
PAUSES = [
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20),
    timedelta(hours=24),
]  # fmt: skip
LEASE = timedelta(seconds=PATIENCE * 4)  # prolonged before each message, which has PATIENCE
MOST_AT_ONCE = 100  # messages of one task
TURN = 20.0  # seconds after which a task begins no further message, and others come first
DESK_SHARE = 2  # webhooks of a desk that are told at the same time
GONE = 410

log = structlog.get_logger(__name__)


def wake(desk_id: UUID) -> None:
    """Once this is committed, have the desk's webhooks told."""
    transaction.on_commit(lambda: broker.send("annotations.tasks.tell_webhooks", str(desk_id)))


def sweep() -> int:
    """Have everything told that is due; returns how many webhooks. For what the broker lost."""
    ids = list(webhooks_to_tell().values_list("id", flat=True))
    for webhook_id in ids:
        broker.send("annotations.tasks.tell_webhook", str(webhook_id))
    return len(ids)


def tell_all(desk_id: UUID) -> None:
    for webhook_id in webhooks_to_tell().filter(desk_id=desk_id).values_list("id", flat=True):
        broker.send("annotations.tasks.tell_webhook", str(webhook_id))


def tell(webhook_id: UUID) -> None:
    """Send what is due, for a turn, unless another is sending or it has been stopped.

    A desk has DESK_SHARE turns at a time: its other webhooks come when one of these is over, so
    that receivers that hang hold up their own desk and no other.
    """
    lease = _claim(webhook_id)
    if lease is None:
        return
    turn = Deadline(TURN)
    has_more = True
    try:
        for _ in range(MOST_AT_ONCE):
            has_more = _tell_next(webhook_id, lease)
            if not has_more or turn.is_over:
                break
    finally:
        _held(webhook_id, lease).update(lease=None, lease_until=None)
    _send_next(webhook_id, is_due=has_more)


def message(webhook: Webhook, change: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """Body and headers. The id is the same whenever the message is sent, for receivers to know.

    For a day after a rotation it has two signatures.
    """
    said = {"type": change["type"], "timestamp": change["at"], "data": change}
    body = msgspec.json.encode(said).decode()
    id = f"msg_{webhook.id.hex}_{change['seq']}"
    now = timezone.now()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Imprimatur",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            Signer(secret).sign(id, now, body) for secret in _secrets(webhook, now)
        ),
    }
    return body.encode(), headers


@transaction.atomic
def _claim(webhook_id: UUID) -> UUID | None:
    """A lease, when the webhook is free and its desk has not used up its share."""
    now = timezone.now()
    desk = Webhook.objects.filter(id=webhook_id).values("desk")
    # Locked in one order, so that two claims of a desk count one after the other.
    webhooks = Webhook.objects.select_for_update(no_key=True).filter(desk__in=desk).order_by("id")
    held = {each.id for each in webhooks if each.lease_until and each.lease_until >= now}
    if webhook_id in held or len(held) >= DESK_SHARE:
        return None
    lease = new_id()
    is_mine = Webhook.objects.filter(id=webhook_id, stopped_at=None).update(
        lease=lease, lease_until=now + LEASE
    )
    return lease if is_mine else None


def _send_next(webhook_id: UUID, *, is_due: bool) -> None:
    """Those of the desk that had to wait for this turn, before this one goes on."""
    desk = Webhook.objects.filter(id=webhook_id).values("desk")
    others = webhooks_to_tell().filter(desk__in=desk).exclude(id=webhook_id)
    for other in others.values_list("id", flat=True)[:DESK_SHARE]:
        broker.send("annotations.tasks.tell_webhook", str(other))
    if is_due:
        broker.send("annotations.tasks.tell_webhook", str(webhook_id))


def _secrets(webhook: Webhook, now: datetime) -> Iterator[str]:
    yield webhook.secret
    if webhook.former_until is not None and now < webhook.former_until:
        yield webhook.former_secret


def _tell_next(webhook_id: UUID, lease: UUID) -> bool:
    """Whether something was sent and there may be more."""
    until = timezone.now() + LEASE
    if not _held(webhook_id, lease).filter(stopped_at=None).update(lease_until=until):
        return False
    webhook = Webhook.objects.select_related("desk").get(id=webhook_id)
    letter = webhook.dead_letters.exclude(asked_at=None).order_by("seq").first()
    if letter is not None:
        return _tell_again(webhook, letter)
    if webhook.due_at is not None and webhook.due_at > timezone.now():
        return False
    change = _change_after(webhook, webhook.cursor)
    if change is None:
        return False
    trouble = _trouble(webhook, change)
    if trouble is None:
        _went(webhook, lease, change["seq"])
        return True
    return _failed(webhook, lease, change["seq"], trouble)


def _change_after(webhook: Webhook, seq: int) -> dict[str, Any] | None:
    newest = newest_event(webhook.desk)
    return next(iter(changes_after(webhook.desk, seq, 1, newest).documents), None)


def _trouble(webhook: Webhook, change: dict[str, Any]) -> str | None:
    """Why the receiver did not take it; None when it did."""
    body, headers = message(webhook, change)
    try:
        status = post(webhook.url, body, headers)
    except Unreachable as error:
        return str(error)[:300]
    if status == GONE:
        Webhook.objects.filter(id=webhook.id).update(stopped_at=timezone.now())
    return None if 200 <= status < 300 else f"It answered with the status {status}."


def _went(webhook: Webhook, lease: UUID, seq: int) -> None:
    _held(webhook.id, lease).update(
        cursor=seq, attempts=0, due_at=None, trouble="", delivered_at=timezone.now()
    )


@transaction.atomic
def _failed(webhook: Webhook, lease: UUID, seq: int, trouble: str) -> bool:
    """Wait before the next attempt, or give this one up; whether to go on now."""
    if webhook.attempts < len(PAUSES):
        due = timezone.now() + PAUSES[webhook.attempts]
        _held(webhook.id, lease).update(attempts=webhook.attempts + 1, due_at=due, trouble=trouble)
        return False
    if not _held(webhook.id, lease).update(cursor=seq, attempts=0, due_at=None, trouble=trouble):
        return False
    DeadLetter.objects.get_or_create(webhook=webhook, seq=seq, defaults={"trouble": trouble})
    log.warning("webhook message given up", webhook=str(webhook.id), seq=seq)
    return True


def _tell_again(webhook: Webhook, letter: DeadLetter) -> bool:
    change = _change_after(webhook, letter.seq - 1)
    trouble = _trouble(webhook, change) if change else None
    if trouble is None:
        letter.delete()
        Webhook.objects.filter(id=webhook.id).update(delivered_at=timezone.now())
    else:
        DeadLetter.objects.filter(id=letter.id).update(trouble=trouble, asked_at=None)
    return True


def _held(webhook_id: UUID, lease: UUID) -> QuerySet[Webhook]:
    return Webhook.objects.filter(id=webhook_id, lease=lease)
