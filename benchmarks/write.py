"""Creating annotations through the public API against bare rows in the same PostgreSQL.

Each create is one POST by HTTP: signed in by key, checked, written as annotation, version, span and
event, committed, and answered with its JSON. The bare row is one INSERT and COMMIT by psycopg into
a table without indexes but its key. The clients of each side are threads of this process, which
shares the machine with the servers; those of the API build their requests by hand, since a client
library would take as long as the server. API and bare rows take turns, so that what else happens
on the machine meets both. Batches are sent on the sample article and on a text of a million code
points: by one client, one after the other, with the rate of the median and of the best; and by two
clients at once, each its own, with the rate of both together.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from statistics import median
from uuid import uuid4

import psycopg

from benchmarks.support.people import keys_of_people
from benchmarks.support.scratch import Product, scratch_product
from benchmarks.support.sources import source_with
from benchmarks.support.tables import rate_of, seconds_of, show
from benchmarks.support.wire import wire

WARM_UP = 100
ROUNDS = 5
ALONE = 100  # creates by the one client, each round
TOGETHER = 30  # creates by each of the clients, each round
CLIENTS = 32
BATCH = 1_000
BATCHES = 12
LONG = 1_000_000  # code points
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
        one = _alone(_create(product, source), _insert(product, source))
        apart = _together(_apart(product), [_insert(product, source) for _ in range(CLIENTS)])
        many = _together(
            [_create(product, source) for _ in range(CLIENTS)],
            [_insert(product, source) for _ in range(CLIENTS)],
        )
        texts = [
            ("article", source, 6_000),
            ("1,000,000", source_with(product, _long_text()), LONG),
        ]
        batches = [(name, _batches(product, id, length)) for name, id, length in texts]
        by_two = [_batches_by_two(product, id, length) for _, id, length in texts]
    _show(one, apart, many)
    _show_batches(batches, by_two)


def _apart(product: Product) -> list[Work]:
    """The normal case: different people of one desk, each on a source of their own."""
    return [
        _create(product, source_with(product, "Twelve chars of a text. " * 200), secret)
        for secret in keys_of_people(product, CLIENTS)
    ]


def _alone(*works: Work) -> list[float]:
    """Median milliseconds of one client, for each."""
    for work in works:
        seconds_of(work, WARM_UP)
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, seconds in zip(works, taken, strict=True):
            seconds.extend(seconds_of(work, ALONE))
    return [median(seconds) * 1000 for seconds in taken]


def _together(*sides: list[Work]) -> list[float]:
    """Creates per second of all clients, for each side: the median of the rounds."""
    for works in sides:
        rate_of(works, WARM_UP // CLIENTS + 1)
    rates: list[list[float]] = [[] for _ in sides]
    for _ in range(ROUNDS):
        for works, each in zip(sides, rates, strict=True):
            each.append(rate_of(works, TOGETHER))
    return [median(each) for each in rates]


def _batches(product: Product, source: str, length: int) -> list[float]:
    """Annotations per second of each batch."""
    send = _batch(product, source, length)
    return [BATCH / seconds_of(send(), 1)[0] for _ in range(BATCHES)]


def _batches_by_two(product: Product, source: str, length: int) -> float:
    """Annotations per second of two clients together."""
    works = []
    for _ in range(2):
        send = _batch(product, source, length)
        ready = [send() for _ in range(BATCHES // 2)]
        works.append(lambda ready=ready: ready.pop()())
    return BATCH * rate_of(works, BATCHES // 2)


def _batch(product: Product, source: str, length: int) -> Callable[[], Work]:
    """Makes batches that are ready to be sent by the same client."""
    client = wire(product, "editor_write")
    path = f"{_address(product, source)}/batch"
    step = (length - 20) // BATCH
    spans = [(n * step, n * step + 12) for n in range(BATCH)]

    def ready() -> Work:
        content = json.dumps({"annotations": [_tag(*span) for span in spans]}).encode()
        request = client.request(path, content)
        return lambda: client.send(request)

    return ready


def _show(one: list[float], apart: list[float], many: list[float]) -> None:
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
            *(
                [
                    name,
                    f"{rates[0]:.0f}/s",
                    f"{rates[1]:.0f}/s",
                    f"{100 * rates[0] / rates[1]:.1f} %",
                ]
                for name, rates in (
                    (f"{CLIENTS} people, each on a source of their own", apart),
                    (f"{CLIENTS} clients of one person, all on one source", many),
                )
            ),
        ],
    )


def _show_batches(batches: list[tuple[str, list[float]]], by_two: list[float]) -> None:
    show(
        f"write: batches of {BATCH} annotations, one after the other, and two at a time",
        ["code points of the text", "median", "best", "2 clients"],
        [
            [name, f"{median(rates):.0f}/s", f"{max(rates):.0f}/s", f"{both:.0f}/s"]
            for (name, rates), both in zip(batches, by_two, strict=True)
        ],
    )


def a_source(product: Product) -> str:
    """The id of a source of the sample corpus."""
    with psycopg.connect(product.database_url) as connection:
        row = connection.execute("SELECT id FROM annotations_source LIMIT 1").fetchone()
    if row is None:
        raise RuntimeError("The sample corpus has no source.")
    return str(row[0])


def _long_text() -> str:
    """LONG code points, of one to four bytes each."""
    sentence = "Ankara „welcomed“ the talks; Baku said no, and 𝔠ounted the votes. "
    return (sentence * (LONG // len(sentence) + 1))[:LONG]


def _address(product: Product, source: str) -> str:
    return f"/api/v1/work/desks/{product.desk}/sources/{source}/annotations"


def _tag(start: int, end: int) -> dict[str, object]:
    return {
        "id": str(uuid4()),
        "kind": "entity",
        "label": "place",
        "spans": [{"start": start, "end": end}],
        "fields": {},
    }


def _create(product: Product, source: str, secret: str = "") -> Work:
    client = wire(product, "editor_write", secret)
    path = _address(product, source)
    return lambda: client.post(path, _tag(0, 12))


def _insert(product: Product, source: str) -> Work:
    connection = psycopg.connect(product.database_url)
    author = uuid4()

    def insert() -> None:
        connection.execute(ROW, (uuid4(), source, author))
        connection.commit()

    return insert


if __name__ == "__main__":
    main()
