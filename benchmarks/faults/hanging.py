"""A database and a broker that hang: how long pages, /livez and /readyz take, and what they say."""

from __future__ import annotations

import http.client
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from benchmarks.faults.ways import broker_way, database_way
from benchmarks.support.scratch import scratch_product, web_process
from benchmarks.support.tables import show
from project.embedded.layout import broker_url, layout

CLIENTS = 30
PATIENCE = 30.0  # seconds

Answer = tuple[str, float]


def main() -> int:
    with scratch_product() as product:
        database, over_database = database_way(product.environment["DATABASE_URL"])
        broker, over_broker = broker_way(os.environ.get("BROKER_URL") or broker_url(layout()))
        environment = {
            **product.environment,
            "DATABASE_URL": over_database,
            "BROKER_URL": over_broker,
            "API_LIMITS": "",
            "WEB_PROCESSES": "1",
        }
        with database, broker, web_process(environment) as (port, _):
            _line("the first requests, which compile the templates", port)
            lines = [_line("nothing hangs", port)]
            for title, way in [("the broker hangs", broker), ("the database hangs", database)]:
                way.hang()
                lines += [_line(title, port), _line(f"{title}, later", port)]
                way.go_on()
                time.sleep(8)
                lines.append(_line(f"{title} no more", port))
    show(
        f"{CLIENTS} clients ask for a page at once, and one each for the others",
        ["", "/livez", "s", "/readyz", "s", "a page", "median s", "most s"],
        lines,
    )
    return 0


def _line(title: str, port: int) -> list[str]:
    with ThreadPoolExecutor(CLIENTS + 2) as pool:
        pages = [pool.submit(_ask, port, "/accounts/login/") for _ in range(CLIENTS)]
        pages += [pool.submit(_ask, port, "/read/nowhere/") for _ in range(CLIENTS)]
        time.sleep(0.3)
        live, ready = pool.submit(_ask, port, "/livez"), pool.submit(_ask, port, "/readyz")
        seconds = [each.result()[1] for each in pages]
        statuses = sorted({each.result()[0] for each in pages})
    said = [*live.result(), *ready.result(), "/".join(statuses), median(seconds), max(seconds)]
    return [title, *(each if isinstance(each, str) else f"{each:.2f}" for each in said)]


def _ask(port: int, path: str) -> Answer:
    began = time.monotonic()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        client.request("GET", path, headers={"Host": "localhost"})
        response = client.getresponse()
        response.read()
        return str(response.status), time.monotonic() - began
    except OSError:
        return "none", time.monotonic() - began
    finally:
        client.close()


if __name__ == "__main__":
    sys.exit(main())
