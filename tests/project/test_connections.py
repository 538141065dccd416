"""A statement may take its time, to be sent and to be answered, while the server answers."""

from __future__ import annotations

import pytest
from django.db import connection

from project.database import connections

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("silence", [0.001, 0.01, 0.1])
def test_a_large_statement_is_sent_however_often_it_is_asked_whether_the_server_answers(
    monkeypatch: pytest.MonkeyPatch, silence: float
) -> None:
    monkeypatch.setattr(connections, "SILENCE", silence)
    monkeypatch.setattr(connections, "LONGEST_SILENCE", silence)
    text = "ab\U0001f600" * 8_000_000

    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s), octet_length(%s::text)", [text, text])
        assert cursor.fetchone() == (24_000_000, 48_000_000)


def test_a_statement_is_waited_for_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SILENCE", 0.01)

    with connection.cursor() as cursor:
        cursor.execute("SELECT 7 FROM pg_sleep(1)")
        assert cursor.fetchone() == (7,)
