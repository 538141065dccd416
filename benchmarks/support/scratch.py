"""A product of its own to measure: a new database on the configured server, and a web process."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from project.embedded.layout import CHECKOUT, application_url, broker_url, database_url, layout

START_PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Product:
    """The scratch product with the sample corpus in it: where it answers, and its database."""

    port: int
    database_url: str  # of the owner of its tables
    desk: str
    keys: Mapping[str, str]
    environment: Mapping[str, str]
    users: Mapping[str, Mapping[str, str]]
    web: int  # the process that the web processes are forked from

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, key: str) -> Client:
        """A client with the key of that name in demo.json; its connection stays open."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        return Client(connection, {"Authorization": f"Bearer {self.keys[key]}"})


@dataclass(frozen=True)
class Client:
    connection: http.client.HTTPConnection
    headers: Mapping[str, str]

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON. Raises RuntimeError when it is not a success."""
        content = None if body is None else json.dumps(body)
        headers = {**self.headers, "Content-Type": "application/json"} if content else self.headers
        self.connection.request(method, path, content, dict(headers))
        response = self.connection.getresponse()
        answer = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {answer.decode()}")
        return json.loads(answer)


@contextmanager
def scratch_product() -> Iterator[Product]:
    """Migrated, filled with the sample corpus and served; all of it is gone afterwards."""
    server = os.environ.get("DATABASE_URL") or database_url(layout())
    with _scratch_database(server) as url, tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "IMPRIMATUR_ENV": "development",
            **roles(url),
            "BROKER_URL": os.environ.get("BROKER_URL") or broker_url(layout()),
            "DATA_DIR": folder,
        }
        subprocess.run(
            [sys.executable, "-m", "project.prepare"],
            cwd=CHECKOUT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        demo = json.loads((Path(folder) / "demo.json").read_text(encoding="utf-8"))
        with web_process(environment) as (port, web):
            yield Product(port, url, demo["desk"], demo["keys"], environment, demo["users"], web)


def roles(url: str) -> dict[str, str]:
    """The product works as the role that it has in life, where the server is the embedded one."""
    if os.environ.get("DATABASE_URL"):
        return {"DATABASE_URL": url}
    name = urlsplit(url).path
    return {
        "DATABASE_URL": urlsplit(application_url(layout()))._replace(path=name).geturl(),
        "DATABASE_OWNER_URL": url,
    }


@contextmanager
def _scratch_database(server: str) -> Iterator[str]:
    name = f"imprimatur_benchmark_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@contextmanager
def web_process(environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Its port, and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "project.serve"],
        cwd=CHECKOUT,
        env={**environment, "HOST": "127.0.0.1", "PORT": str(port)},
    )
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/livez")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("The web process did not start.")
