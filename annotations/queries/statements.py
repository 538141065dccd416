"""Statements that every request sends: written in SQL, and planned once a connection.

Everything else is for Django's ORM. It would put each of these together anew for each request,
which takes several times as long as the database takes to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
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
    return _rows(_one_by_one, [(sql, values)])[0]


def rows_of_both(*statements: tuple[str, Mapping[str, object]]) -> list[list[tuple[Any, ...]]]:
    """What each returns, as by rows_of, in one round trip.

    Where there is no transaction they are one. The second sees what the first wrote.
    """
    return _rows(psycopg.Connection.pipeline, statements)


def _one_by_one(raw: psycopg.Connection[Any]) -> AbstractContextManager[object]:  # noqa: ARG001
    return nullcontext()


def _rows(
    mode: Callable[[psycopg.Connection[Any]], AbstractContextManager[object]],
    statements: Sequence[tuple[str, Mapping[str, object]]],
) -> list[list[tuple[Any, ...]]]:
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    planned = _planned.setdefault(raw, set())
    are_new = not planned.issuperset(sql for sql, _ in statements)
    if are_new:
        raw.execute(_BY_INDEX)
    with ExitStack() as stack:
        stack.enter_context(connection.wrap_database_errors)
        cursors = [
            stack.enter_context(connection._prepare_cursor(psycopg.Cursor(raw)))  # type: ignore[attr-defined]
            for _ in statements
        ]
        with mode(raw):
            for cursor, (sql, values) in zip(cursors, statements, strict=True):
                cursor.execute(sql, values)
        rows = [cursor.fetchall() for cursor in cursors]
    if are_new:
        raw.execute(_AS_BEFORE)
        planned.update(sql for sql, _ in statements)
    return rows


def columns(model: type[Model], alias: str) -> str:
    """All columns of a table, for `taken`."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def taken(model: type[Row], values: Iterator[Any]) -> Row:
    """The row whose columns come next."""
    fields = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, fields, list(islice(values, len(fields))))
