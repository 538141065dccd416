"""Creating annotations through the public API against bare rows in the same PostgreSQL.

Each create is one POST by HTTP: signed in by key, checked, versioned, with its event, committed.
The bare row is one INSERT and COMMIT by psycopg into a table without indexes but its key. All
clients are threads of this one process, which shares the machine with the servers.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from uuid import uuid4

import psycopg

from benchmarks.scratch import Product, scratch_product
from benchmarks.tables import rate_of, seconds_of, show

WARM_UP = 30
ALONE = 300  # creates by the one client
TOGETHER = 60  # creates by each of the clients
CLIENTS = 8
TABLE = """CREATE TABLE bare (
    id uuid PRIMARY KEY, source uuid, kind text, label text, "start" int, "end" int, exact text,
    fields jsonb, author uuid, created_at timestamptz DEFAULT now()
)"""
ROW = """INSERT INTO bare (id, source, kind, label, "start", "end", exact, fields, author)
    VALUES (%s, %s, 'entity', 'place', 0, 12, 'Twelve chars', '{}', %s)"""

Work = Callable[[], object]


def main() -> None:
    with scratch_product() as product:
        with psycopg.connect(product.database_url, autocommit=True) as connection:
            connection.execute(TABLE)
        source = a_source(product)
        kinds = (_create, _insert)
        one = [_alone(make(product, source)) for make in kinds]
        many = [_together([make(product, source) for _ in range(CLIENTS)]) for make in kinds]
    _show(one, many)


def _alone(work: Work) -> float:
    """Median milliseconds of one client."""
    seconds_of(work, WARM_UP)
    return median(seconds_of(work, ALONE)) * 1000


def _together(works: list[Work]) -> float:
    """Creates per second of all clients."""
    rate_of(works, WARM_UP // CLIENTS)
    return rate_of(works, TOGETHER)


def _show(one: list[float], many: list[float]) -> None:
    show(
        "write: creating one annotation by POST, against one bare INSERT + COMMIT by psycopg",
        ["", "by the API", "bare row", "ratio"],
        [
            [
                "1 client, median",
                f"{one[0]:.2f} ms",
                f"{one[1]:.2f} ms",
                f"{one[0] / one[1]:.1f} ×",
            ],
            [
                f"{CLIENTS} clients, all at once",
                f"{many[0]:.0f}/s",
                f"{many[1]:.0f}/s",
                f"{100 * many[0] / many[1]:.1f} %",
            ],
        ],
    )


def a_source(product: Product) -> str:
    """The id of a source of the sample corpus."""
    with psycopg.connect(product.database_url) as connection:
        row = connection.execute("SELECT id FROM annotations_source LIMIT 1").fetchone()
    if row is None:
        raise RuntimeError("The sample corpus has no source.")
    return str(row[0])


def _create(product: Product, source: str) -> Work:
    client = product.client("editor_write")
    path = f"/api/v1/work/desks/{product.desk}/sources/{source}/annotations"

    def create() -> None:
        body = {
            "id": str(uuid4()),
            "kind": "entity",
            "label": "place",
            "spans": [{"start": 0, "end": 12}],
            "fields": {},
        }
        client.call("POST", path, body)

    return create


def _insert(product: Product, source: str) -> Work:
    connection = psycopg.connect(product.database_url)
    author = uuid4()

    def insert() -> None:
        connection.execute(ROW, (uuid4(), source, author))
        connection.commit()

    return insert


if __name__ == "__main__":
    main()
