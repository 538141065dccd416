"""Webhooks are told at least once, in order, for days, and no more than the published API shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from standardwebhooks import WebhookVerificationError

from annotations.models import Annotation, DeadLetter, Desk, Role, Source, Webhook
from annotations.services.review import withdraw
from annotations.services.webhooks import deliver
from annotations.services.webhooks.deliver import PAUSES, tell
from annotations.services.webhooks.manage import replay, rotate_secret, stop_webhook
from annotations.services.webhooks.safe_http import PATIENCE
from tests.factories import (
    approved,
    make_annotation,
    make_desk,
    make_source,
    make_webhook,
    member,
    submitted,
)
from tests.services.webhooks.receivers import Receiver, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The tasks that the broker was told of."""
    tasks: list[tuple[str, str]] = []

    def send_task(name: str, *, args: list[str], **_options: object) -> None:
        tasks.append((name.rpartition(".")[2], args[0]))

    monkeypatch.setattr(current_app, "send_task", send_task)
    return tasks


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def desk() -> Desk:
    return make_desk(is_public=True)


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk)


@pytest.fixture
def webhook(
    desk: Desk, source: Source, receiver: Receiver, webhooks_may_lead_here: None
) -> Webhook:
    return make_webhook(desk, receiver.url)


def publish(source: Source, start: int) -> Annotation:
    return approved(make_annotation(source, spans=[(start, start + 4)]))


def is_due(webhook: Webhook) -> Webhook:
    """As if the pause were over."""
    Webhook.objects.filter(id=webhook.id).update(due_at=timezone.now() - timedelta(seconds=1))
    webhook.refresh_from_db()
    return webhook


def test_it_is_told_in_order_what_the_feed_of_changes_shows(
    desk: Desk, source: Source, webhook: Webhook, receiver: Receiver, client: Client
) -> None:
    first, second = publish(source, 0), publish(source, 8)
    submitted(make_annotation(source, spans=[(29, 33)]))
    withdraw(annotation=first, by=member(desk, Role.REVIEWER), reason="It was said by another.")

    tell(webhook.id)

    messages = receiver.verified(webhook.secret)
    feed = client.get(f"/api/v1/desks/{desk.slug}/changes").json()["changes"]
    assert [each["data"] for each in messages] == feed
    assert [each["type"] for each in messages] == [
        "annotation.approved", "annotation.approved", "annotation.withdrawn",
    ]  # fmt: skip
    assert messages[1]["data"]["annotation"]["id"] == str(second.id)
    assert [each["timestamp"] for each in messages] == [each["at"] for each in feed]


def test_what_was_retracted_before_it_could_be_told_is_not_shown(
    desk: Desk, source: Source, webhook: Webhook, receiver: Receiver
) -> None:
    first = publish(source, 0)
    withdraw(annotation=first, by=member(desk, Role.REVIEWER), reason="Wrong.")

    tell(webhook.id)

    assert [each["data"]["annotation"] for each in receiver.verified(webhook.secret)] == [None] * 2


def test_told_once_it_is_not_told_again(
    source: Source, webhook: Webhook, receiver: Receiver
) -> None:
    publish(source, 0)

    tell(webhook.id)
    tell(webhook.id)

    assert len(receiver.received) == 1


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_after_a_failure_the_next_waits_and_the_same_is_sent_again(
    source: Source, webhook: Webhook, receiver: Receiver, status: int
) -> None:
    receiver.answers = [status]
    publish(source, 0)
    publish(source, 8)

    tell(webhook.id)
    tell(webhook.id)
    assert len(receiver.received) == 1
    webhook.refresh_from_db()
    assert str(status) in webhook.trouble
    tell(is_due(webhook).id)

    assert receiver.ids == [receiver.ids[0], receiver.ids[0], receiver.ids[2]]
    assert receiver.ids[2] != receiver.ids[0]
    webhook.refresh_from_db()
    assert (webhook.attempts, webhook.trouble, webhook.due_at) == (0, "", None)


def test_it_tries_for_more_than_three_days_and_then_puts_the_message_aside(
    source: Source, webhook: Webhook, receiver: Receiver
) -> None:
    assert sum(PAUSES, timedelta()) > timedelta(days=3)
    receiver.answers = [503] * (len(PAUSES) + 1)
    publish(source, 0)
    publish(source, 8)

    for _ in range(len(PAUSES) + 1):
        tell(is_due(webhook).id)

    [letter] = DeadLetter.objects.all()
    assert "503" in letter.trouble
    assert len(set(receiver.ids[:-1])) == 1
    assert receiver.ids[-1] == receiver.ids[0].replace(f"_{letter.seq}", f"_{webhook_cursor()}")


def webhook_cursor() -> int:
    return Webhook.objects.get().cursor


def test_a_dead_letter_that_is_replayed_goes_out_again_and_is_gone_when_taken(
    desk: Desk, source: Source, webhook: Webhook, receiver: Receiver
) -> None:
    publish(source, 0)
    seq = desk.events.order_by("-seq")[0].seq
    Webhook.objects.update(cursor=seq)
    DeadLetter.objects.create(webhook=webhook, seq=seq, trouble="It answered with the status 503.")
    receiver.answers = [500]
    manager = member(desk, Role.MANAGER)

    replay(webhook=webhook, by=manager, seq=seq)
    tell(webhook.id)
    assert "500" in DeadLetter.objects.get().trouble
    replay(webhook=webhook, by=manager)
    tell(webhook.id)

    assert [each["data"]["seq"] for each in receiver.verified(webhook.secret)] == [seq, seq]
    assert not DeadLetter.objects.exists()


def test_for_a_day_after_a_rotation_both_secrets_sign(
    desk: Desk, source: Source, webhook: Webhook, receiver: Receiver
) -> None:
    rotated = rotate_secret(webhook=webhook, by=member(desk, Role.MANAGER))
    publish(source, 0)
    tell(webhook.id)
    Webhook.objects.update(former_until=timezone.now())
    publish(source, 8)
    tell(webhook.id)

    assert len(receiver.verified(rotated.secret)) == 2
    with pytest.raises(WebhookVerificationError):
        receiver.verified(webhook.secret)
    del receiver.received[1]
    assert len(receiver.verified(webhook.secret)) == 1


def test_stopped_it_is_told_nothing(
    desk: Desk, source: Source, webhook: Webhook, receiver: Receiver
) -> None:
    publish(source, 0)
    stop_webhook(webhook=webhook, by=member(desk, Role.MANAGER))

    tell(webhook.id)

    assert receiver.received == []


def test_a_receiver_that_is_gone_is_stopped(
    source: Source, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answers = [410]
    publish(source, 0)

    tell(webhook.id)

    webhook.refresh_from_db()
    assert webhook.stopped_at is not None


def test_an_address_that_became_private_is_not_told(
    source: Source, webhook: Webhook, receiver: Receiver, settings: Settings
) -> None:
    settings.WEBHOOK_NETWORKS = []
    publish(source, 0)

    tell(webhook.id)

    webhook.refresh_from_db()
    assert receiver.received == []
    assert "private" in webhook.trouble


def test_two_workers_do_not_tell_the_same(
    source: Source, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(source, 0)
    inner: list[Any] = []

    def told_twice(webhook: Webhook, change: dict[str, Any]) -> str | None:
        inner.append(change)
        tell(webhook.id)  # as another worker would meanwhile
        return trouble(webhook, change)

    trouble = deliver._trouble
    monkeypatch.setattr(deliver, "_trouble", told_twice)

    tell(webhook.id)

    assert len(inner) == len(receiver.received) == 1


def test_what_a_killed_worker_left_is_told_once_its_lease_is_over(
    source: Source, webhook: Webhook, receiver: Receiver
) -> None:
    publish(source, 0)
    later = timezone.now() + timedelta(seconds=30)
    Webhook.objects.update(lease=webhook.id, lease_until=later)

    tell(webhook.id)
    assert receiver.received == []
    Webhook.objects.update(lease_until=timezone.now())
    tell(webhook.id)

    assert len(receiver.received) == 1


def test_an_approval_wakes_and_the_sweeper_finds_what_was_missed(
    source: Source,
    webhook: Webhook,
    sent: list[tuple[str, str]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        publish(source, 0)
    assert ("tell_webhooks", str(source.desk_id)) in sent
    sent.clear()

    assert deliver.sweep() == 1

    assert sent == [("tell_webhook", str(webhook.id))]
    tell(webhook.id)
    assert deliver.sweep() == 0


def test_a_message_is_json_in_utf_8(source: Source, webhook: Webhook, receiver: Receiver) -> None:
    publish(source, 8)

    tell(webhook.id)

    [(body, headers)] = receiver.received
    assert "„".encode() in body
    assert headers["content-type"] == "application/json"


def test_webhooks_of_a_desk_beyond_its_share_wait_for_a_turn_to_end(
    desk: Desk, source: Source, webhook: Webhook, receiver: Receiver, sent: list[tuple[str, str]]
) -> None:
    others = [make_webhook(desk, f"{receiver.url}&n={n}") for n in range(deliver.DESK_SHARE)]
    elsewhere = make_desk()
    theirs = make_webhook(elsewhere, receiver.url)
    publish(source, 0)
    publish(make_source(elsewhere), 0)
    hanging = [other.id for other in others]
    held_until = timezone.now() + timedelta(seconds=30)
    Webhook.objects.filter(id__in=hanging).update(lease=desk.id, lease_until=held_until)

    tell(webhook.id)
    assert receiver.received == []
    tell(theirs.id)
    assert len(receiver.received) == 1

    Webhook.objects.filter(id=hanging[0]).update(lease=None, lease_until=None)
    sent.clear()
    tell(hanging[0])
    assert sent == [("tell_webhook", str(webhook.id))]


def test_a_slow_receiver_gets_a_turn_and_then_the_others_come(
    source: Source, webhook: Webhook, receiver: Receiver, sent: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(deliver, "TURN", 0.0)
    other = make_webhook(source.desk, f"{receiver.url}&n=2")
    for start in (0, 8, 29):
        publish(source, start)
    sent.clear()

    tell(webhook.id)

    assert len(receiver.received) == 1
    assert sent == [("tell_webhook", str(each.id)) for each in (other, webhook)]


def test_a_lease_lasts_longer_than_what_it_guards() -> None:
    assert timedelta(seconds=3 * PATIENCE) < deliver.LEASE
