"""The statement that writes annotations."""

from __future__ import annotations

import pytest
from django.db import connection

from annotations.services.writing import _WRITE

VALUES = ("desk", "source", "revision", "person", "now", "event")


@pytest.mark.django_db
def test_a_batch_is_not_compared_with_itself_row_by_row() -> None:
    """As it is planned for good: without joins by hash, see queries/statements.py."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        cursor.execute(f"EXPLAIN {_WRITE}", dict.fromkeys(VALUES) | {"drafts": "[]"})
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "hashed SubPlan" in plan
    assert "Join Filter" not in plan
