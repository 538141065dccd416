"""The compact response's statement is quick whatever the planner believes about the tables."""

from __future__ import annotations

import pytest
from django.db import connection

from annotations.queries.annotations.workbench import STATEMENT
from tests.factories import make_annotation, make_desk, make_source

pytestmark = pytest.mark.django_db


def test_what_belongs_to_a_version_is_looked_up_by_index() -> None:
    source = make_source(make_desk())
    make_annotation(source)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {STATEMENT}", {"source": source.pk, "desk": source.desk_id})
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Seq Scan" not in plan
