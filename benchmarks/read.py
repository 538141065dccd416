"""A page of 100 published annotations by the API against its rows by psycopg, dumped as JSON.

The page goes through the whole stack: HTTP, key, policy, query, JSON. The bare read is one prepared
statement over the same tables on one connection, then `json.dumps`. Both sides parse their JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.rows import dict_row

from benchmarks.scratch import Product, scratch_product
from benchmarks.tables import seconds_of, show
from benchmarks.write import a_source

PAGE = 100
WARM_UP = 20
TIMES = 200
ROWS = """
SELECT a.id, a.kind, l.name AS label, v.fields, v.number AS version, v.state, r.number AS revision,
       a.source_id AS source, a.created_at, a.published_at AS updated_at, u.id AS author, u.name,
       (SELECT json_agg(json_build_object('start', s.start, 'end', s."end", 'exact', s.exact)
                        ORDER BY s.start)
        FROM annotations_span s WHERE s.version_id = v.id) AS spans
FROM annotations_annotation a
JOIN annotations_desk d ON d.id = a.desk_id
JOIN annotations_version v ON v.id = a.published_id
JOIN annotations_label l ON l.id = v.label_id
JOIN annotations_revision r ON r.id = v.revision_id
JOIN annotations_user u ON u.id = v.author_id
WHERE d.slug = %s AND a.deleted_at IS NULL
ORDER BY a.id LIMIT %s
"""


def main() -> None:
    with scratch_product() as product:
        publish(product, PAGE)
        client = product.client("published_read")
        path = f"/api/v1/desks/{product.desk}/annotations?page_size={PAGE}"
        with psycopg.connect(product.database_url, row_factory=dict_row) as connection:
            _compare(
                lambda: len(client.call("GET", path)["results"]),
                lambda: len(_bare_page(connection, product.desk)),
            )


def publish(product: Product, count: int) -> None:
    """Tag, submit and approve so many passages by the API."""
    editor, reviewer = product.client("editor_write"), product.client("reviewer_write")
    desk = f"/api/v1/work/desks/{product.desk}"
    tag = {"kind": "entity", "label": "place", "spans": [{"start": 0, "end": 12}], "fields": {}}
    source = a_source(product)
    for _ in range(count):
        body = {"id": str(uuid4()), **tag}
        editor.call("POST", f"{desk}/sources/{source}/annotations", body)
        annotation = f"{desk}/annotations/{body['id']}"
        editor.call("POST", f"{annotation}/submit", {"version": 1})
        reviewer.call("POST", f"{annotation}/decisions", {"version": 1, "verdict": "approve"})


def _bare_page(connection: psycopg.Connection[dict[str, Any]], desk: str) -> list[Any]:
    rows = connection.execute(ROWS, (desk, PAGE), prepare=True).fetchall()
    return json.loads(json.dumps(rows, default=str))


def _compare(page: Callable[[], int], bare_page: Callable[[], int]) -> None:
    counts = {page(), bare_page()}
    if counts != {PAGE}:
        raise RuntimeError(f"The two pages are not of {PAGE} rows each: {counts}.")
    for work in (page, bare_page):
        seconds_of(work, WARM_UP)
    by_api, bare = (median(seconds_of(work, TIMES)) * 1000 for work in (page, bare_page))
    show(
        f"read: a page of {PAGE} published annotations, against its rows by psycopg dumped as JSON",
        ["", "by the API", "bare rows", "ratio"],
        [["1 client, median", f"{by_api:.2f} ms", f"{bare:.2f} ms", f"{by_api / bare:.1f} ×"]],
    )


if __name__ == "__main__":
    main()
