"""What a web process keeps of the memory that large answers took.

A source with many tags is read whole by several clients at once; then nothing is asked for.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from benchmarks.support.scratch import Product, scratch_product
from benchmarks.support.tables import show
from benchmarks.write import a_source

TAGS, AT_ONCE = 20_000, 1_000
READERS, READINGS = 8, 24
QUIET = 8.0  # seconds


def main() -> int:
    with scratch_product() as product:
        path = f"/api/v1/work/desks/{product.desk}/sources/{a_source(product)}/annotations"
        _fill(product, path)
        read(product, path)  # what is loaded with the first request stays
        before = megabytes(product.web)
        with ThreadPoolExecutor(READERS) as pool:
            sizes = list(pool.map(lambda _: read(product, path), range(READINGS)))
        most = megabytes(product.web, "VmHWM")
        time.sleep(QUIET)
        after = megabytes(product.web)
    show(
        f"{READINGS} answers of {sizes[0] / 1e6:.1f} MB to {READERS} clients at once",
        ["MB of all web processes", "before", "at most", f"{QUIET:.0f} s after", "kept"],
        [["", f"{before:.0f}", f"{most:.0f}", f"{after:.0f}", f"{after - before:.0f}"]],
    )
    return 0


def _fill(product: Product, path: str) -> None:
    client = product.client("editor_write")
    for _ in range(TAGS // AT_ONCE):
        tags = [
            {
                "id": str(uuid4()), "kind": "entity", "label": "place",
                "spans": [{"start": 0, "end": 12}], "fields": {},
            }
            for _ in range(AT_ONCE)
        ]  # fmt: skip
        client.call("POST", f"{path}/batch", {"annotations": tags})


def read(product: Product, path: str) -> int:
    """Bytes of the answer."""
    client = product.client("editor_write")
    client.connection.request("GET", path, headers=dict(client.headers))
    response = client.connection.getresponse()
    size = len(response.read())
    client.connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")
    return size


def megabytes(web: int, what: str = "VmRSS") -> float:
    """Of the processes forked from this one, or of itself where there is one process."""
    children = Path(f"/proc/{web}/task/{web}/children").read_text(encoding="ascii").split()
    return sum(_status(each, what) for each in children or [str(web)]) / 1_000


def _status(process: str, what: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


if __name__ == "__main__":
    sys.exit(main())
