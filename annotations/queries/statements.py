"""Statements that every request sends: written in SQL, and planned once a connection.

Everything else is for Django's ORM. It would put each of these together anew for each request,
which takes several times as long as the database takes to answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)

_SCANS = "enable_seqscan", "enable_hashjoin", "enable_mergejoin"
_BY_INDEX = "; ".join(f"SET {name} = off" for name in _SCANS)
_AS_BEFORE = "; ".join(f"RESET {name}" for name in _SCANS)
_planned: WeakKeyDictionary[psycopg.Connection[Any], set[str]] = WeakKeyDictionary()


def sql_beside(module: str) -> str:
    """The statement in the file that has the module's name and ends in .sql."""
    return Path(module).with_suffix(".sql").read_text(encoding="utf-8")


def rows_of(sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """What the statement returns, in the transaction that there is. Errors are those of Django.

    Values are bound by the server, so that the plan is kept (`prepare_threshold` and
    `plan_cache_mode` in the settings). It is made for tables of any size: one made while they are
    small would read them from end to end when they have grown.
    """
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    planned = _planned.setdefault(raw, set())
    if sql not in planned:
        raw.execute(_BY_INDEX)
    with connection._prepare_cursor(psycopg.Cursor(raw)) as cursor:  # type: ignore[attr-defined]
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    if sql not in planned:
        raw.execute(_AS_BEFORE)
        planned.add(sql)
    return rows


def columns(model: type[Model], alias: str) -> str:
    """All columns of a table, for `taken`."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def taken(model: type[Row], values: Iterator[Any]) -> Row:
    """The row whose columns come next."""
    fields = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, fields, list(islice(values, len(fields))))
