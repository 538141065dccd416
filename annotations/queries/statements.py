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
from django.db import OperationalError, connection
from django.db.models import Model
from psycopg.pq import TransactionStatus

Row = TypeVar("Row", bound=Model)

_SCANS = "enable_seqscan", "enable_hashjoin", "enable_mergejoin"
_BY_INDEX = "; ".join(f"SET {name} = off" for name in _SCANS)
_AS_BEFORE = "; ".join(f"RESET {name}" for name in _SCANS)
_MAY_GO_ON = TransactionStatus.IDLE, TransactionStatus.INTRANS
_planned: WeakKeyDictionary[psycopg.Connection[Any], set[str]] = WeakKeyDictionary()


def sql_beside(module: str) -> str:
    """The statement in the file that has the module's name and ends in .sql."""
    return Path(module).with_suffix(".sql").read_text(encoding="utf-8")


def rows_of(sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """What a statement that only reads returns, in the transaction that there is.

    Errors are those of Django. Values are bound by the server, so that the plan is kept
    (`prepare_threshold` and `plan_cache_mode` in the settings). It is made for tables of any size:
    one made while they are small would read them from end to end when they have grown.
    """
    if connection.health_check_done or connection.in_atomic_block:
        return _rows(_one_by_one, [(sql, values)])[0]
    try:
        rows = _rows(_one_by_one, [(sql, values)])[0]
    except OperationalError:  # the server may have gone away since the request before
        connection.close_if_health_check_failed()
        rows = _rows(_one_by_one, [(sql, values)])[0]
    connection.health_check_done = True
    return rows


def rows_of_both(*statements: tuple[str, Mapping[str, object]]) -> list[list[tuple[Any, ...]]]:
    """What each returns, as by rows_of, in one round trip; they may write.

    Where there is no transaction they are one. The second sees what the first wrote.
    """
    connection.close_if_health_check_failed()
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
    texts = {sql for sql, _ in statements}
    with connection.wrap_database_errors:
        if planned.issuperset(texts):
            return _fetched(mode, raw, statements)
        raw.execute(_BY_INDEX)
        try:
            rows = _fetched(mode, raw, statements)
        finally:
            if raw.info.transaction_status in _MAY_GO_ON:
                raw.execute(_AS_BEFORE)
    planned.update(texts)
    return rows


def _fetched(
    mode: Callable[[psycopg.Connection[Any]], AbstractContextManager[object]],
    raw: psycopg.Connection[Any],
    statements: Sequence[tuple[str, Mapping[str, object]]],
) -> list[list[tuple[Any, ...]]]:
    with ExitStack() as stack:
        cursors = [
            stack.enter_context(connection._prepare_cursor(psycopg.Cursor(raw)))  # type: ignore[attr-defined]
            for _ in statements
        ]
        with mode(raw):
            for cursor, (sql, values) in zip(cursors, statements, strict=True):
                cursor.execute(sql, values)
        return [cursor.fetchall() for cursor in cursors]


def columns(model: type[Model], alias: str) -> str:
    """All columns of a table, for `taken`."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def taken(model: type[Row], values: Iterator[Any]) -> Row:
    """The row whose columns come next."""
    fields = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, fields, list(islice(values, len(fields))))
