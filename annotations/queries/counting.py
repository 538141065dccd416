"""Counts that stop early: a page tells "999+" and reads no more rows than that."""

from __future__ import annotations

from django.db.models import IntegerField, QuerySet, Subquery

MOST_COUNTED = 1_000  # from here on it is only said that there are more


def count_some(rows: QuerySet) -> int:
    """How many, MOST_COUNTED for all that are more; one statement."""
    return rows.order_by().values("pk")[:MOST_COUNTED].count()


def some_of(rows: QuerySet, most: int = MOST_COUNTED) -> Subquery:
    """As count_some, for each row of another query, which `rows` refers to by OuterRef."""
    return _Counted(rows.order_by().values("pk")[:most])


class _Counted(Subquery):
    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
