"""A database and a broker that hang: they accept connections and say nothing."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest
from django.db import connection

from benchmarks.faults.ways import Way, broker_way, database_way
from project.embedded.layout import CHECKOUT, broker_url, database_url, layout

PATIENCE = 60.0  # seconds
REQUESTS = 30  # at once


@dataclass
class Served:
    """A web process with its ways to database and broker."""

    port: int
    database: Way
    broker: Way
    process: subprocess.Popen[bytes]

    def ask(self, path: str) -> tuple[int, str, float]:
        """Status, text and seconds."""
        began = time.monotonic()
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            client.request("GET", path, headers={"Host": "localhost"})
            response = client.getresponse()
            return response.status, response.read().decode(), time.monotonic() - began
        finally:
            client.close()

    def ask_many(self, path: str) -> list[tuple[int, str, float]]:
        with ThreadPoolExecutor(REQUESTS) as pool:
            return list(pool.map(lambda _: self.ask(path), range(REQUESTS)))


@pytest.fixture
def served(transactional_db: None) -> Iterator[Served]:
    name = connection.settings_dict["NAME"]
    url = os.environ.get("DATABASE_URL") or database_url(layout())
    database, over_database = database_way(url.rpartition("/")[0] + f"/{name}")
    broker, over_broker = broker_way(os.environ.get("BROKER_URL") or broker_url(layout()))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PORT": str(port),
        "WEB_PROCESSES": "1",
        "DATABASE_URL": over_database,
        "BROKER_URL": over_broker,
        "API_LIMITS": "",
    }
    with database, broker:
        process = subprocess.Popen(
            [sys.executable, "-m", "project.serve"],
            cwd=CHECKOUT,
            env=environment,
            stderr=subprocess.PIPE,
        )
        served = Served(port, database, broker, process)
        try:
            wait_until_ready(served)
            yield served
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()


def wait_until_ready(served: Served) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            status, text, _ = served.ask("/readyz")
            if status == 200:
                return
        except OSError:
            text = "no answer"
        assert time.monotonic() < deadline, text
        time.sleep(0.1)


def test_a_database_that_hangs_is_said_soon_and_stops_nothing_else(served: Served) -> None:
    assert served.ask("/read/nowhere/")[0] == 404

    served.database.hang()

    first = served.ask_many("/read/nowhere/")
    then = served.ask_many("/read/nowhere/")
    assert {status for status, *_ in first + then} == {503}
    assert max(seconds for *_, seconds in first) < 8
    assert max(seconds for *_, seconds in then) < 6
    assert sorted(seconds for *_, seconds in then)[REQUESTS // 2] < 1
    status, text, seconds = served.ask("/readyz")
    assert (status, text) == (503, "database: no answer\n")
    assert seconds < 3
    assert served.ask("/static/annotations/favicon.svg")[0] == 200


def test_while_all_wait_for_a_database_that_hangs_it_is_said_that_the_process_lives(
    served: Served,
) -> None:
    served.database.hang()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(served.ask_many, "/read/nowhere/")
        time.sleep(0.5)
        live, ready = served.ask("/livez"), served.ask("/readyz")
        waiting.result()

    assert (live[0], live[1]) == (200, "ok\n")
    assert live[2] < 1
    assert (ready[0], ready[1]) == (503, "database: no answer\n")
    assert ready[2] < 3.5


def test_a_database_that_answers_again_is_asked_again(served: Served) -> None:
    served.database.hang()
    assert served.ask("/read/nowhere/")[0] == 503

    served.database.go_on()

    wait_until_ready(served)
    assert {status for status, *_ in served.ask_many("/read/nowhere/")} == {404}


def test_a_broker_that_hangs_delays_no_page(served: Served) -> None:
    served.broker.hang()

    first = served.ask_many("/read/nowhere/")
    then = served.ask_many("/read/nowhere/")

    assert {status for status, *_ in first + then} == {404}
    assert max(seconds for *_, seconds in then) < 3
    status, text, seconds = served.ask("/readyz")
    assert (status, text) == (503, "broker: no answer\n")
    assert seconds < 3


def test_both_that_hang_are_named_together(served: Served) -> None:
    served.database.hang()
    served.broker.hang()

    status, text, seconds = served.ask("/readyz")

    assert (status, text) == (503, "database: no answer\nbroker: no answer\n")
    assert seconds < 3


def test_a_long_statement_is_not_taken_for_a_database_that_hangs(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(3), 1")

        assert cursor.fetchone()[1] == 1
    assert isinstance(connection.connection, psycopg.Connection)
