"""The published API of a desk with very many annotations, against what PostgreSQL takes by itself.

Requests go by HTTP through the whole stack, signed by key, from one client that shares the machine
with the servers; its time is counted in. Both sides of a comparison take turns, so that what else
happens on the machine meets both. A page is compared with its rows by psycopg, dumped as JSON; a
page at the end of the list with its first one; the export with COPY of the very same statement by
psycopg, which throws away what comes. `--annotations` says how many there are (1,000,000).
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from argparse import ArgumentParser
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from psycopg.rows import dict_row

from benchmarks.published import BIG, big_file, publish
from benchmarks.support.scratch import Product, scratch_product
from benchmarks.support.tables import seconds_of, show
from benchmarks.support.wire import Wire, wire
from project.embedded.layout import CHECKOUT

MANY = 1_000_000
PAGE = 100  # rows
TIMES = 100
FEW = 10  # of what takes long
PART = 1 << 20  # bytes
BLOCK = 1 << 18  # bytes
ROWS = """
SELECT a.id, a.kind, a.source_id, a.created_at, a.published_at, v.fields, v.number, v.state,
    l.name AS label, r.number AS revision, r.sha256, u.id AS author, u.name AS author_name,
    (SELECT json_agg(json_build_object(
            'start', s.start, 'end', s.end, 'exact', s.exact, 'prefix', s.prefix,
            'suffix', s.suffix) ORDER BY s.start)
        FROM annotations_span s WHERE s.version_id = v.id) AS spans,
    (SELECT json_agg(json_build_object('id', x.uid, 'type', x.type, 'to', x.to_id))
        FROM annotations_relation x WHERE x.version_id = v.id) AS relations
FROM annotations_annotation a
JOIN annotations_desk d ON d.id = a.desk_id
JOIN annotations_version v ON v.id = a.published_id
JOIN annotations_label l ON l.id = v.label_id
JOIN annotations_revision r ON r.id = v.revision_id
JOIN annotations_user u ON u.id = v.author_id
WHERE d.slug = %s ORDER BY a.id LIMIT %s
"""
# The last of those that fit, but for a page and one more.
AT = """
SELECT a.id FROM annotations_annotation a
JOIN annotations_desk d ON d.id = a.desk_id
JOIN annotations_version v ON v.id = a.published_id
JOIN annotations_label l ON l.id = v.label_id
JOIN annotations_span s ON s.version_id = v.id
WHERE d.slug = %(desk)s AND {fits} ORDER BY a.id DESC OFFSET %(page)s LIMIT 1"""
ONE = """
SELECT v.fields->>'entity', l.name, split_part(s.exact, ' ', 2)
FROM annotations_annotation a
JOIN annotations_version v ON v.id = a.published_id
JOIN annotations_label l ON l.id = v.label_id
JOIN annotations_span s ON s.version_id = v.id
WHERE v.fields ? 'entity' AND s.exact LIKE '%% %% %% %%' ORDER BY a.id DESC LIMIT 1"""

Work = Callable[[], object]


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--annotations", type=int, default=MANY)
    count = parser.parse_args().annotations
    with scratch_product() as product:
        publish(product, count)
        file = big_file(product)
        pages(product)
        known(product)
        positions(product, count)
        ranges(product, file)
        export(product, count)


def pages(product: Product) -> None:
    client, path = wire(product, "published_read"), _published(product)
    request = client.asking(f"{path}/annotations?page_size={PAGE}")
    with psycopg.connect(product.database_url, row_factory=dict_row) as connection:
        by_api, bare = _medians(
            lambda: client.send(request),
            lambda: _bare_page(connection, product.desk),
        )
    show(
        f"api: a page of {PAGE} published annotations, against its rows by psycopg dumped as JSON",
        ["", "by the API", "bare rows", "ratio"],
        [["1 client, median", f"{by_api:.2f} ms", f"{bare:.2f} ms", f"{by_api / bare:.1f} ×"]],
    )


def known(product: Product) -> None:
    """304 for what the client has."""
    path = _published(product)
    client = product.client("published_read")
    [some] = client.call("GET", f"{path}/annotations?page_size=1")["results"]
    named = {
        "one annotation": f"{path}/annotations/{some['id']}",
        f"list of {PAGE}": f"{path}/annotations?page_size={PAGE}",
        f"claims, {PAGE}": f"{path}/claims?page_size={PAGE}",
        "sources": f"{path}/sources",
        "changes": f"{path}/changes?limit={PAGE}",
        "releases": f"{path}/releases",
    }
    taken = [_medians(_known(product, address))[0] for address in named.values()]
    show(
        "api: 304 for what the client has; the client's own time is in it",
        ["", "median"],
        [[name, f"{each:.2f} ms"] for name, each in zip(named, taken, strict=True)],
    )


def positions(product: Product, count: int) -> None:
    """The last full page against the first, of all and of those that fit a filter."""
    with psycopg.connect(product.database_url) as connection:
        entity, label, word = connection.execute(ONE).fetchone() or ("", "", "")
    narrowed = {
        "all": ("", "true"),
        "kind": ("kind=claim", "a.kind = 'claim'"),
        "label": (f"label={label}", f"l.name = '{label}'"),
        "entity": (f"entity={entity}", f"v.fields->>'entity' = '{entity}'"),
        "q": (f"q={word}", f"to_tsvector('simple', s.exact) @@ to_tsquery('{word}')"),
    }
    rows = []
    for name, (query, fits) in narrowed.items():
        address = f"{_published(product)}/annotations?page_size={PAGE}&{query}".rstrip("&")
        both = address, f"{address}&cursor={_cursor(product, fits)}"
        times = TIMES if name in ("all", "kind", "label") else FEW
        first, last = _medians(*[_asked(product, each) for each in both], times=times)
        rows.append([name, f"{first:.2f} ms", f"{last:.2f} ms", f"{last / first:.2f} ×"])
    show(
        f"api: the last full page of {count:,} annotations, against the first; alone and filtered",
        ["", "first", "last", "ratio"],
        rows,
    )


def ranges(product: Product, path: str) -> None:
    client = wire(product, "published_read")
    request = client.asking(path, f"Range: bytes={BIG // 2}-{BIG // 2 + PART - 1}\r\n")
    plain = Path(product.environment["DATA_DIR"]) / "files" / "releases" / "big.jsonl"
    by_api, bare = _medians(lambda: client.send(request), lambda: _part(plain))
    show(
        f"api: {PART >> 20} MiB from the middle of a file of {BIG >> 20} MiB, against reading it",
        ["", "by the API", "bare", "ratio"],
        [["1 client, median", f"{by_api:.2f} ms", f"{bare:.2f} ms", f"{by_api / bare:.1f} ×"]],
    )


def export(product: Product, count: int) -> None:
    before = _peak(product)
    bare = count / _copied(product)
    [seconds] = seconds_of(lambda: _exported(product), 1)
    by_api = count / seconds
    show(
        f"api: all {count:,} published annotations at once, against COPY of the same statement",
        ["", "by the API", "COPY", "share", "memory before", "at most"],
        [
            [
                "1 client",
                f"{by_api:,.0f}/s",
                f"{bare:,.0f}/s",
                f"{100 * by_api / bare:.0f} %",
                f"{before >> 20} MiB",
                f"{_peak(product) >> 20} MiB",
            ]
        ],
    )


def _medians(*works: Work, times: int = TIMES) -> list[float]:
    """Milliseconds of each; they take turns."""
    for work in works:
        seconds_of(work, times // 5)
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, seconds in zip(works, taken, strict=True):
            seconds.extend(seconds_of(work, 1))
    return [median(seconds) * 1000 for seconds in taken]


def _published(product: Product) -> str:
    return f"/api/v1/desks/{product.desk}"


def _bare_page(connection: psycopg.Connection[dict[str, Any]], desk: str) -> str:
    rows = connection.execute(ROWS, (desk, PAGE), prepare=True).fetchall()
    connection.commit()
    return json.dumps(rows, default=str)


def _known(product: Product, address: str) -> Work:
    client = product.client("published_read")
    client.connection.request("GET", address, headers=dict(client.headers))
    answer = client.connection.getresponse()
    answer.read()
    light: Wire = wire(product, "published_read")
    request = light.asking(address, f"If-None-Match: {answer.headers['ETag']}\r\n")
    return lambda: light.send(request)


def _cursor(product: Product, fits: str) -> str:
    """After which a page and one more are left."""
    values = {"desk": product.desk, "page": PAGE + 1}
    with psycopg.connect(product.database_url) as connection:
        row = connection.execute(AT.format(fits=fits), values).fetchone()
    if row is None:
        raise RuntimeError(f"There are not enough annotations: {fits}.")
    return urlsafe_b64encode(str(row[0]).encode()).decode().rstrip("=")


def _asked(product: Product, address: str) -> Work:
    client = wire(product, "published_read")
    request = client.asking(address)
    return lambda: client.send(request)


def _part(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(BIG // 2)
        return file.read(PART)


def _copied(product: Product) -> float:
    """Seconds."""
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.support.copying", product.desk],
        cwd=CHECKOUT,
        env=product.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(said.stdout)


def _exported(product: Product) -> None:
    """Raises RuntimeError when it is no success; http.client raises when it is not whole."""
    connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=60)
    headers = product.client("published_read").headers
    connection.request("GET", f"{_published(product)}/annotations/export", headers=dict(headers))
    answer = connection.getresponse()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(answer.read().decode())
    while answer.read(BLOCK):
        pass


def _peak(product: Product) -> int:
    """The most bytes that one of the web processes has had in memory so far."""
    return max(_high_water(process) for process in _family(product.web))


def _family(process: int) -> Iterator[int]:
    yield process
    children = Path(f"/proc/{process}/task/{process}/children").read_text()
    for child in children.split():
        yield from _family(int(child))


def _high_water(process: int) -> int:
    [line] = [
        line
        for line in Path(f"/proc/{process}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return int(line.split()[1]) << 10


if __name__ == "__main__":
    main()
