"""Alive, and ready to work."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from annotations.web.site import health


def test_a_living_process_says_ok_without_the_database(client: Client) -> None:
    response = client.get("/livez")

    assert (response.status_code, response.text) == (200, "ok\n")


@pytest.mark.django_db
def test_ready_when_database_migrations_and_broker_are_in_order(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.text) == (200, "ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_missing_migration_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'annotations' AND name ="
            " (SELECT max(name) FROM django_migrations WHERE app = 'annotations')"
        )

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.text == "migrations: 1 not applied\n"


@pytest.mark.django_db
def test_a_broker_that_does_not_answer_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.text == "broker: no answer\n"
