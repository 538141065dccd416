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
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from psycopg.pq import TransactionStatus

Row = TypeVar("Row", bound=Model)
Statement = tuple[str, Mapping[str, object]]  # its SQL and its values

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
    database = connections[DEFAULT_DB_ALIAS]
    if database.health_check_done or database.in_atomic_block:  # type: ignore[attr-defined]
        return _rows(database, _one_by_one, [(sql, values)])[0]
    try:
        rows = _rows(database, _one_by_one, [(sql, values)])[0]
    except OperationalError:  # the server may have gone away since the request before
        database.close_if_health_check_failed()
        rows = _rows(database, _one_by_one, [(sql, values)])[0]
    database.health_check_done = True  # type: ignore[attr-defined]
    return rows


def rows_of_both(*statements: Statement) -> list[list[tuple[Any, ...]]]:
    """What each returns, as by rows_of, in one round trip; they may write.

    Where there is no transaction they are one. The second sees what the first wrote.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()
    return _rows(database, psycopg.Connection.pipeline, statements)


def _one_by_one(raw: psycopg.Connection[Any]) -> AbstractContextManager[object]:  # noqa: ARG001
    return nullcontext()


def _rows(
    database: BaseDatabaseWrapper,
    mode: Callable[[psycopg.Connection[Any]], AbstractContextManager[object]],
    statements: Sequence[Statement],
) -> list[list[tuple[Any, ...]]]:
    database.ensure_connection()
    raw: psycopg.Connection[Any] = database.connection
    planned = _planned.setdefault(raw, set())
    texts = {sql for sql, _ in statements}
    with database.wrap_database_errors:
        if planned.issuperset(texts):
            return _fetched(database, mode, statements)
        raw.execute(_BY_INDEX)
        try:
            rows = _fetched(database, mode, statements)
        finally:
            if raw.info.transaction_status in _MAY_GO_ON:
                raw.execute(_AS_BEFORE)
    planned.update(texts)
    return rows


def _fetched(
    database: BaseDatabaseWrapper,
    mode: Callable[[psycopg.Connection[Any]], AbstractContextManager[object]],
    statements: Sequence[Statement],
) -> list[list[tuple[Any, ...]]]:
    raw: psycopg.Connection[Any] = database.connection
    with ExitStack() as stack:
        cursors = [
            stack.enter_context(database._prepare_cursor(psycopg.Cursor(raw)))  # type: ignore[attr-defined]
            for _ in statements
        ]
        with mode(raw):
            for cursor, (sql, values) in zip(cursors, statements, strict=True):
                cursor.execute(sql, values)
        return [cursor.fetchall() for cursor in cursors]


def columns(model: type[Model], alias: str, names: Sequence[str] = ()) -> str:
    """All columns of a table, or those named, for `taken`."""
    return ", ".join(f'{alias}."{name}"' for name in names or _all_columns(model))


def taken(model: type[Row], values: Iterator[Any], names: Sequence[str] = ()) -> Row:
    """The row whose columns come next; others, if some were named, are read when asked for."""
    fields = names or _all_columns(model)
    return model.from_db(DEFAULT_DB_ALIAS, fields, list(islice(values, len(fields))))


def _all_columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
