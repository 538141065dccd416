"""Statements of every request: bound by the server and planned once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from annotations.models import Decision
from annotations.queries.documents import WORK
from annotations.queries.statements import rows_of, rows_of_both
from tests.factories import make_annotation, make_desk, make_source

pytestmark = pytest.mark.django_db

WRITTEN = "INSERT INTO django_session VALUES (%(key)s::text, '', now()) RETURNING session_data"
COUNTED = "SELECT count(*) FROM django_session WHERE session_key = %(key)s::text"


def test_the_second_of_two_sees_what_the_first_wrote() -> None:
    values = {"key": "a session"}

    assert rows_of_both((WRITTEN, values), (COUNTED, values)) == [[("",)], [(1,)]]


@pytest.mark.django_db(transaction=True)
def test_two_statements_are_written_both_or_not_at_all() -> None:
    values = {"key": "a session"}

    with pytest.raises(IntegrityError):
        rows_of_both((WRITTEN, values), (WRITTEN, values))

    assert rows_of(COUNTED, values) == [(0,)]


def test_decisions_of_other_versions_are_not_read() -> None:
    """Whatever the planner knows: this is asked after every write."""
    make_annotation(make_source(make_desk()))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT {WORK} FROM annotations_annotation")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert f"using {Decision._meta.indexes[0].name}" in plan
    assert "annotations_decision_pkey" not in plan
