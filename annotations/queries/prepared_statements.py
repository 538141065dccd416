"""Statements that every request sends: written in SQL, and planned once a connection.

Everything else is for Django's ORM. It would put each of these together anew for each request,
which takes several times as long as the database takes to answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from psycopg.pq import TransactionStatus

from annotations.private_apis import wrapped_cursor

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
    database = connections[DEFAULT_DB_ALIAS]
    if database.health_check_done or database.in_atomic_block:  # type: ignore[attr-defined]
        return _rows(database, sql, values)
    try:
        rows = _rows(database, sql, values)
    except OperationalError:  # the server may have gone away since the request before
        database.close_if_health_check_failed()
        rows = _rows(database, sql, values)
    database.health_check_done = True  # type: ignore[attr-defined]
    return rows


def rows_written(sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """As rows_of, of a statement that writes: it is never sent twice.

    Where there is no transaction it is one.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()
    return _rows(database, sql, values)


def _rows(
    database: BaseDatabaseWrapper, sql: str, values: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    database.ensure_connection()
    raw: psycopg.Connection[Any] = database.connection
    planned = _planned.setdefault(raw, set())
    with database.wrap_database_errors:
        if sql in planned:
            return _fetched(database, sql, values)
        raw.execute(_BY_INDEX)
        try:
            rows = _fetched(database, sql, values)
        finally:
            if raw.info.transaction_status in _MAY_GO_ON:
                raw.execute(_AS_BEFORE)
    planned.add(sql)
    return rows


def _fetched(
    database: BaseDatabaseWrapper, sql: str, values: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    with wrapped_cursor(database, database.connection) as cursor:
        cursor.execute(sql, values)
        return cast(list[tuple[Any, ...]], cursor.fetchall())


def columns(model: type[Model], alias: str, names: Sequence[str] = ()) -> str:
    """All columns of a table, or those named, for `taken`."""
    return ", ".join(f'{alias}."{name}"' for name in names or _all_columns(model))


def taken(model: type[Row], values: Iterator[Any], names: Sequence[str] = ()) -> Row:
    """The row whose columns come next; others, if some were named, are read when asked for."""
    fields = names or _all_columns(model)
    return model.from_db(DEFAULT_DB_ALIAS, fields, list(islice(values, len(fields))))


def _all_columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
