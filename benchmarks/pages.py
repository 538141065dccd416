"""Every page and every list of the API on a very large desk: milliseconds and statements of each.

The desk has 10,000 sources, 1,000,000 annotations and 100,000 of them in review. It is made once,
in a database of its own on the benchmarks' server, and kept; `--anew` makes it again. Requests go
through the whole of the product in this process, signed in as the manager or signed by key, without
the network; each address is asked for until it is warm, then timed. A route that no line measures
ends the run: `benchmarks/support/addresses.py` has an address for each, or says why there is none.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from statistics import median
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from benchmarks.support.large import LARGE, Size, fill
from benchmarks.support.scratch import roles
from project.embedded.layout import CHECKOUT, broker_url, database_url, layout

NAME = "imprimatur_pages"
TIMES = 15
MOST = 60.0  # milliseconds
PATIENCE = 1.0  # seconds; what takes longer is not asked for again


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--only", default="", help="Part of a route's name.")
    parser.add_argument("--annotations", type=int, default=LARGE.annotations)
    parser.add_argument("--times", type=int, default=TIMES)
    given = parser.parse_args()
    share = given.annotations / LARGE.annotations
    size = Size(**{name: max(1, int(count * share)) for name, count in vars(LARGE).items()})
    name = NAME if size == LARGE else f"{NAME}_{size.annotations}"
    desk = kept_desk(name, size, anew=given.anew)
    return _measure(desk, given.only, given.times)


def kept_desk(name: str, size: Size, *, anew: bool = False) -> str:
    """The slug of the large desk, whose database the settings name from now on."""
    server = os.environ.get("DATABASE_URL") or database_url(layout())
    folder = layout().data_dir / name
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    os.environ |= {
        "IMPRIMATUR_ENV": "development",
        **roles(url),
        "BROKER_URL": os.environ.get("BROKER_URL") or broker_url(layout()),
        "DATA_DIR": str(folder),
        "API_LIMITS": "off",
    }
    folder.mkdir(parents=True, exist_ok=True)
    filled = folder / "filled"
    is_new = anew or not filled.exists()
    if is_new:
        filled.unlink(missing_ok=True)
        _create(server, name)
    prepare = [sys.executable, "-m", "project.prepare"]
    subprocess.run(prepare, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    demo = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    if is_new:
        began = time.monotonic()
        print(f"Making a desk of {size.annotations:,} annotations, once.", flush=True)
        fill(url, demo["desk"], size)
        filled.touch()
        print(f"It took {time.monotonic() - began:.0f} s.", flush=True)
    return str(demo["desk"])


def _create(server: str, name: str) -> None:
    """An empty database, in place of one that was left half-made."""
    database = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(database))


def _measure(desk: str, only: str, times: int) -> int:
    from benchmarks.support.addresses import addresses_of, unmeasured

    logging.getLogger("django.request").setLevel(logging.ERROR)  # not of routes that only write
    if missing := unmeasured():
        print(f"No address is known for: {', '.join(missing)}", file=sys.stderr)
        return 1
    print(
        f"\npages: server time (median, warm) on a large desk; at most {MOST:.0f} ms are wanted\n"
    )
    count, slow = 0, 0
    for address in addresses_of(desk, only):
        statements = address.statements()  # warm from now on
        if statements is None:
            continue
        looks = [address.seconds()]
        looks += [address.seconds() for _ in range(times)] if looks[0][0] < PATIENCE else []
        taken, computed = (median(each) * 1000 for each in zip(*looks, strict=True))
        count, slow = count + 1, slow + (taken > MOST)
        note = "" if taken <= MOST else "  slow"
        line = f"  {address.name:<86} {taken:>8.1f} {computed:>8.1f} {len(statements):>4}{note}"
        print(line, flush=True)
    print(f"\n  {count - slow} of {count} are as quick.")
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
