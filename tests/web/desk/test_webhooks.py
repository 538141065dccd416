"""The page of a desk's webhooks."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from annotations.models import DeadLetter, Desk, Role, Webhook
from annotations.services.webhooks.manage import add_webhook
from tests.factories import make_desk, make_webhook, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(webhooks_may_lead_here: None) -> Desk:
    return make_desk()


@pytest.fixture
def manager(desk: Desk, client: Client) -> Client:
    client.force_login(member(desk, Role.MANAGER))
    return client


@pytest.fixture
def webhook(desk: Desk) -> Webhook:
    return make_webhook(desk)


def change(client: Client, webhook: Webhook, **values: object) -> str:
    """The page that follows."""
    address = reverse("webhook_change", args=[webhook.desk.slug, webhook.id])
    return client.post(address, values, follow=True).content.decode()


def test_without_any_it_says_what_they_are_for(desk: Desk, manager: Client) -> None:
    page = manager.get(reverse("webhooks", args=[desk.slug])).content.decode()

    assert "No webhooks yet" in page
    assert re.search(r'aria-current="page"[^>]*>\s*Settings', page)


def test_a_new_one_shows_its_secret_this_once(desk: Desk, manager: Client) -> None:
    address = reverse("webhooks", args=[desk.slug])

    page = manager.post(address, {"url": "http://127.0.0.1:9/hook"}).content.decode()

    secret = Webhook.objects.get().secret
    assert secret in page
    assert secret not in manager.get(address).content.decode()


def test_what_is_wrong_stands_beside_the_field(desk: Desk, manager: Client) -> None:
    answer = manager.post(reverse("webhooks", args=[desk.slug]), {"url": "https://10.0.0.1/"})

    assert answer.status_code == 422
    assert "private network" in answer.content.decode()


def test_it_is_stopped_started_given_a_new_secret_and_removed(
    manager: Client, webhook: Webhook
) -> None:
    assert "Stopped" in change(manager, webhook, do="stop")
    assert "all missed messages" in change(manager, webhook, do="start")
    page = change(manager, webhook, do="rotate")
    webhook.refresh_from_db()
    assert webhook.secret in page
    assert "No webhooks yet" in change(manager, webhook, do="remove")


def test_troubles_and_dead_letters_are_shown_and_sent_again(
    manager: Client, webhook: Webhook
) -> None:
    trouble = "It answered with the status 503."
    Webhook.objects.update(attempts=2, due_at=timezone.now(), trouble=trouble)
    for seq in (7, 8):
        DeadLetter.objects.create(webhook=webhook, seq=seq, trouble=trouble)

    page = manager.get(reverse("webhooks", args=[webhook.desk.slug])).content.decode()
    assert "Failing" in page
    assert "Attempt 3 follows" in page
    assert "2 messages given up" in page
    assert "1 message will be sent again" in change(manager, webhook, do="replay", seq="8")
    assert DeadLetter.objects.get(asked_at__isnull=False).seq == 8
    assert "2 messages will be sent again" in change(manager, webhook, do="replay")


def test_what_no_button_says_changes_nothing(manager: Client, webhook: Webhook) -> None:
    assert "Load the page again" in change(manager, webhook, do="explode")
    assert Webhook.objects.get().stopped_at is None


def test_another_desks_webhook_is_not_found(manager: Client, settings: Settings) -> None:
    other = make_desk()
    theirs = add_webhook(desk=other, by=member(other, Role.MANAGER), url="http://127.0.0.1:9/")
    mine = Desk.objects.exclude(pk=other.pk).get()

    answer = manager.post(reverse("webhook_change", args=[mine.slug, theirs.id]), {"do": "remove"})

    assert answer.status_code == 404


def test_statements_do_not_grow_with_webhooks(
    desk: Desk, manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("webhooks", args=[desk.slug])
    for number in range(3):
        row = add_webhook(
            desk=desk, by=member(desk, Role.MANAGER), url=f"http://127.0.0.1:9/{number}"
        )
        DeadLetter.objects.create(webhook=row, seq=1, trouble="No connection.")

    with django_assert_num_queries(8):
        manager.get(address)
