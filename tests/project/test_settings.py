"""What changes in production, seen in a process of its own, as a start sees it."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from project.embedded.layout import CHECKOUT
from project.environment.secret_key import check_secret_key

PRODUCTION = {
    "IMPRIMATUR_ENV": "production",
    "SECRET_KEY": "a-key-of-fifty-characters-or-more-that-nobody-has-ever-used",
    "ALLOWED_HOSTS": "desk.example,localhost",
    "DATABASE_URL": "postgres://nobody@localhost:1/none",
    "BROKER_URL": "redis://localhost:1/0",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def serving(**environment: str) -> Iterator[int]:
    """The web process in production, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "project.serve"],
        cwd=CHECKOUT,
        env={**os.environ, **PRODUCTION, "PORT": str(port), **environment},
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "the web process did not start"
            time.sleep(0.1)
        else:
            return


def answer(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    return connection.getresponse()


@pytest.fixture(scope="module")
def static_files() -> None:
    """As a production start makes them; pages, error pages too, name them by their hashes."""
    made = manage("collectstatic", "--no-input", "--verbosity=0")
    assert made.returncode == 0, made.stderr


def test_the_deployment_check_finds_nothing() -> None:
    checked = manage("check", "--deploy", "--fail-level", "WARNING")

    assert checked.returncode == 0, checked.stderr
    assert "System check identified no issues" in checked.stdout


def test_the_deployment_check_would_find_a_weak_key() -> None:
    checked = manage("check", "--deploy", "--fail-level", "WARNING", SECRET_KEY="short")

    assert checked.returncode != 0
    assert "security.W009" in checked.stderr


def test_production_does_not_start_without_a_key_of_its_own() -> None:
    checked = manage("check", SECRET_KEY="")

    assert checked.returncode != 0
    assert "Set SECRET_KEY" in checked.stderr


@pytest.mark.parametrize(
    "key",
    [
        "short",
        "x" * 31,
        "x" * 60,
        "changeme" * 8,
        "0123456789" * 7,
        "django-insecure-2k#v8q!w9e-r7t&y6u*i5o(p4a)s3d+f2g=h1j",
    ],
)
def test_production_does_not_start_with_a_key_that_can_be_guessed(key: str) -> None:
    checked = manage("check", SECRET_KEY=key)

    assert checked.returncode != 0
    assert "openssl rand -hex 32" in checked.stderr
    assert "Traceback" not in checked.stderr or "ImproperlyConfigured" in checked.stderr


def test_random_keys_of_enough_length_are_taken() -> None:
    for _ in range(200):
        for key in (secrets.token_hex(16), secrets.token_hex(32), secrets.token_urlsafe(24)):
            assert check_secret_key(key) == key


def test_every_static_file_is_found_by_what_refers_to_it(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "project.static_files.ModuleManifestStorage"},
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    assert (tmp_path / "staticfiles.json").exists()


def test_plain_http_is_sent_to_https_except_for_health() -> None:
    with serving() as port:
        page = answer(port, "/accounts/login/", Host="desk.example")
        health = answer(port, "/livez", Host="localhost")

    assert page.status == 301
    assert page.headers["Location"] == "https://desk.example/accounts/login/"
    assert health.status == 200


@pytest.mark.usefixtures("static_files")
@pytest.mark.parametrize(
    ("trusted", "status"), [("127.0.0.1", 404), ("127.0.0.0/8", 404), ("192.0.2.1", 301), ("", 301)]
)
def test_forwarded_headers_are_believed_from_the_proxy_alone(trusted: str, status: int) -> None:
    with serving(TRUSTED_PROXIES=trusted) as port:
        page = answer(port, "/nothing/here", Host="desk.example", X_Forwarded_Proto="https")

    assert page.status == status


@pytest.mark.usefixtures("static_files")
def test_other_hosts_are_refused() -> None:
    with serving(TRUSTED_PROXIES="127.0.0.1") as port:
        page = answer(port, "/nothing/here", Host="evil.example", X_Forwarded_Proto="https")

    assert page.status == 400
