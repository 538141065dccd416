"""Managers say who is told what the desk publishes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from annotations.errors import Conflict, Invalid, Refused
from annotations.models import Desk, Event, EventType, Role, User, Webhook
from annotations.services.webhooks.manage import (
    add_webhook,
    remove_webhook,
    replay,
    rotate_secret,
    start_webhook,
    stop_webhook,
)
from annotations.services.webhooks.safe_http import Unreachable, checked_address
from tests.factories import HOOK, make_desk, make_webhook, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(webhooks_may_lead_here: None) -> Desk:
    return make_desk()


@pytest.fixture
def manager(desk: Desk) -> User:
    return member(desk, Role.MANAGER)


@pytest.fixture
def webhook(desk: Desk) -> Webhook:
    return make_webhook(desk)


def test_what_happened_before_it_was_added_is_not_told(desk: Desk, webhook: Webhook) -> None:
    added = Event.objects.get(desk=desk, type=EventType.WEBHOOK_ADDED)

    assert webhook.cursor == added.seq - 1
    assert added.note == "127.0.0.1"


def test_only_managers_may(desk: Desk, webhook: Webhook) -> None:
    by = member(desk, Role.REVIEWER)

    with pytest.raises(Refused):
        add_webhook(desk=desk, by=by, url=HOOK)
    for change in (rotate_secret, stop_webhook, start_webhook, remove_webhook, replay):
        with pytest.raises(Refused):
            change(webhook=webhook, by=by)


@pytest.mark.parametrize(
    "url",
    [
        "", "hook", "ftp://example.org/", "https://", "https://a:b@127.0.0.1/", "http://[::1",
        "https://name.invalid/", "https://127.0.0.1:99999/", "https://" + "a" * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(desk: Desk, manager: User, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_webhook(desk=desk, by=manager, url=url)

    assert set(refused.value.errors) == {"url"}


def test_an_address_is_told_once(desk: Desk, manager: User, webhook: Webhook) -> None:
    with pytest.raises(Invalid):
        add_webhook(desk=desk, by=manager, url=f" {webhook.url} ")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://10.0.0.1/", "https://192.168.1.1/",
        "https://169.254.169.254/latest", "https://[::1]/", "https://[fd00::1]/", "https://0.0.0.0/",
        "https://[::ffff:127.0.0.1]/", "https://224.0.0.1/", "https://100.64.0.1/", "https://2130706433/",
    ],
)  # fmt: skip
def test_private_addresses_are_not_told_anything(settings: Settings, url: str) -> None:
    settings.WEBHOOK_NETWORKS = []

    with pytest.raises(Unreachable):
        checked_address(url)


def test_the_outside_is_told_in_secret_only() -> None:
    assert str(checked_address("https://9.9.9.9/a?b=c").ip) == "9.9.9.9"
    with pytest.raises(Unreachable):
        checked_address("http://9.9.9.9/")


def test_after_a_rotation_the_former_secret_holds_for_a_day(
    webhook: Webhook, manager: User
) -> None:
    rotated = rotate_secret(webhook=webhook, by=manager)

    assert rotated.secret.startswith("whsec_")
    assert rotated.secret != rotated.former_secret == webhook.secret
    assert rotated.former_until is not None
    assert timedelta(hours=23) < rotated.former_until - timezone.now() < timedelta(hours=25)


def test_each_change_is_an_event(desk: Desk, webhook: Webhook, manager: User) -> None:
    stop_webhook(webhook=webhook, by=manager)
    stop_webhook(webhook=webhook, by=manager)
    start_webhook(webhook=webhook, by=manager)
    rotate_secret(webhook=webhook, by=manager)
    remove_webhook(webhook=webhook, by=manager)

    events = Event.objects.filter(desk=desk, type__startswith="webhook.").order_by("seq")
    assert list(events.values_list("type", flat=True)) == [
        "webhook.added", "webhook.stopped", "webhook.started", "webhook.rotated", "webhook.removed",
    ]  # fmt: skip
    assert not Webhook.objects.exists()


def test_without_a_dead_letter_nothing_is_sent_again(webhook: Webhook, manager: User) -> None:
    with pytest.raises(Conflict):
        replay(webhook=webhook, by=manager)
