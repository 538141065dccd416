"""Statements of every request: bound by the server and planned once."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import DataError, connection, connections, transaction

from annotations.queries.annotation_json import WORK
from annotations.queries.prepared_statements import rows_of, rows_written
from tests.factories import make_annotation, make_desk, make_source

pytestmark = pytest.mark.django_db

COUNTED = "SELECT count(*) FROM django_session WHERE session_key = %(key)s::text"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ask", [rows_of, rows_written])
def test_a_kept_connection_that_was_lost_between_two_requests_is_made_anew(
    ask: Callable[..., list[tuple[int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = connections["default"]
    ask(COUNTED, {"key": "a session"})
    monkeypatch.setattr(kept, "health_check_enabled", True)
    monkeypatch.setattr(kept, "health_check_done", False)
    with psycopg.connect(kept.connection.info.dsn) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.connection.info.backend_pid])

    assert ask(COUNTED, {"key": "a session"}) == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_fails_leaves_the_planner_as_it_was() -> None:
    with pytest.raises(DataError):
        rows_of("SELECT 1 / %(by)s::integer", {"by": 0})

    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


@pytest.mark.django_db(transaction=True)
def test_decisions_of_other_versions_are_not_read() -> None:
    """Whatever the planner knows: this is asked after every write."""
    make_annotation(make_source(make_desk()))
    with connection.as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("DROP INDEX decisions_of_versions")
        cursor.execute(f"EXPLAIN SELECT {WORK} FROM annotations_annotation")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        transaction.set_rollback(True)

    assert "on annotations_decision d" in plan
    assert "annotations_decision_pkey" not in plan
