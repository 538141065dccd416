"""No page and no list of the API reads more of a large desk than it shows.

`bin/bench pages` asks for the same addresses on a desk of a million annotations and takes the time.
Here the database counts what each of them reads: rows and entries of indexes, whatever the plan.
Tables are read through where they are small, which says nothing of large ones, so the planner must
go by indexes: what has none is then read through all the same, and what has another one reads more.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from annotations.models import Desk
from annotations.queries import counting, full_text
from benchmarks.support.addresses import Address, addresses_of
from benchmarks.support.large import Size, fill
from tests import factories

# As benchmarks.support.large.LARGE, but for fewer sources with as many tags each.
SIZE = Size(
    sources=60, annotations=6_000, records=60, suggestions=600, comments=200, releases=45,
    members=20,
)  # fmt: skip
TABLES = (
    "annotation", "version", "span", "relation", "decision", "event", "publication", "concern",
    "newestwords", "comment", "mention", "suggestion",
)  # fmt: skip
MOST_ROWS = 5_000  # fewer than are published
MOST_STATEMENTS = 30
# The tags of each of 50 sources are counted.
MORE_ROWS = {"/desks/…/sources/ (first page)": 14_000, "/desks/…/sources/ (last page)": 14_000}
READ = """
    SELECT coalesce(i.indrelid, c.oid)::regclass::text, c.relname,
        c.relkind = 'r' AND pg_stat_get_xact_numscans(c.oid) > 0,
        pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid)
    FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE coalesce(i.indrelid, c.oid) = ANY(%s::regclass[]) AND c.relkind IN ('r', 'i')"""


@pytest.fixture
def desk(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = factories.make_desk(is_public=True)
    fill(_owner(), desk.slug, SIZE)
    options = connection.settings_dict["OPTIONS"]
    off = "".join(f" -c enable_{way}=off" for way in ("seqscan", "hashjoin", "mergejoin"))
    monkeypatch.setitem(options, "options", options["options"] + off)
    monkeypatch.setattr(full_text, "NEAR", 200)
    monkeypatch.setattr(full_text, "FAR", 400)
    monkeypatch.setattr(counting, "MOST_COUNTED", 100)
    connection.close()
    return desk


def test_nothing_reads_more_than_it_shows(desk: Desk) -> None:
    found = [wrong for address in addresses_of(desk.slug) if (wrong := too_much(address))]

    assert not found, "\n".join(found)


def too_much(address: Address) -> str:
    """What the address reads beyond what it may; empty when nothing."""
    with transaction.atomic():
        before = rows_read()
        statements = address.statements() or []
        after = rows_read()
        transaction.set_rollback(True)
    through = [name for name, (is_read_through, _) in after.items() if is_read_through]
    rows = Counter({name: count - before[name][1] for name, (_, count) in after.items()})
    if (
        through
        or rows.total() > MORE_ROWS.get(address.name, MOST_ROWS)
        or len(statements) > MOST_STATEMENTS
    ):
        most = ", ".join(f"{count} of {name}" for name, count in rows.most_common(3))
        return f"{address.name}: {len(statements)} statements; read through: {through}; {most}"
    return ""


def rows_read() -> dict[str, tuple[bool, int]]:
    """Of tables and their indexes: whether one was read through, and how many rows were read."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [[f"annotations_{name}" for name in TABLES]])
        return {name: (through, count) for _, name, through, count in cursor.fetchall()}


def _owner() -> str:
    with connection.as_owner():  # type: ignore[attr-defined]
        parameters: dict[str, Any] = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    given = {name: parameters[name] for name in names if parameters.get(name)}
    return psycopg.conninfo.make_conninfo(**given)
