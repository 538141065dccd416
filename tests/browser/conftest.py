"""A real server on the test database, and Debian's chromium signed in as whoever is needed."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from playwright.sync_api import Browser, Page

from annotations.models import Source, User
from tests.browser.surface_page import SurfacePage

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # seconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These run last: Playwright's loop, once started, stays in this thread to the end.

    Without a browser they are skipped, but never where CI must have one.
    """
    items.sort(key=_is_here)
    if Path(CHROMIUM).exists() or os.environ.get("CI"):
        return
    for item in filter(_is_here, items):
        item.add_marker(pytest.mark.skip(reason=f"there is no browser at {CHROMIUM}"))


def _is_here(item: pytest.Item) -> bool:
    return Path(__file__).parent in item.path.parents


@pytest.fixture(scope="session", autouse=True)
def database_beside_a_loop() -> Iterator[None]:
    """Playwright's loop runs in the thread that uses the database, which Django would refuse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


class Programs:
    """The web server and the worker, as processes of their own on the test database."""

    def __init__(self, **environment: str) -> None:
        self.environment = environment
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    def start_web(self) -> None:
        self.web = self._spawn("project.serve")
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.web.poll() is None, "the web server ended"
            assert time.monotonic() < deadline, "the web server does not answer"
            time.sleep(0.1)

    def start_worker(self) -> None:
        if self.worker is None:
            options = ["worker", "--concurrency=1", "--pool=solo", "--loglevel=WARNING"]
            self.worker = self._spawn(
                "celery", "--app=project", *options, "--without-gossip", "--without-mingle"
            )

    def kill_web(self) -> None:
        assert self.web is not None
        self.web.kill()
        self.web.wait()

    def stop(self) -> None:
        for process in (self.web, self.worker):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _spawn(self, *module: str) -> subprocess.Popen[bytes]:
        place = connection.settings_dict
        address = f"{quote(place['HOST'], safe='')}:{place['PORT'] or 5432}"
        user = ":".join(quote(each) for each in (place["USER"], place["PASSWORD"]) if each)
        environment = {
            **os.environ,
            "DATABASE_URL": f"postgresql://{user}@{address}/{place['NAME']}",
            "BROKER_URL": django_settings.CELERY_BROKER_URL,
            "SECRET_KEY": django_settings.SECRET_KEY,
            "PORT": str(self.port),
            **self.environment,
        }
        return subprocess.Popen([sys.executable, "-m", *module], env=environment, cwd=ROOT)

    def _answers(self) -> bool:
        try:
            answer = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            answer.request("GET", "/livez")
            return answer.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False


@pytest.fixture(scope="session")
def running(django_db_setup: None) -> Iterator[Programs]:
    programs = Programs()
    try:
        programs.start_web()
        yield programs
    finally:
        programs.stop()


@pytest.fixture
def programs(running: Programs, transactional_db: None) -> Iterator[Programs]:
    """The running programs; the database is emptied after the test."""
    if running.web is None or running.web.poll() is not None:
        running.start_web()
    yield running
    _wait_for_rest()


def _wait_for_rest() -> None:
    """Pages that close take leave, which must not meet the emptying of the database."""
    deadline = time.monotonic() + PATIENCE
    busy = True
    while busy and time.monotonic() < deadline:
        time.sleep(0.05)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            busy = cursor.fetchone()[0] > 0


@pytest.fixture
def sign_in(programs: Programs, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`sign_in(user)` opens a browser for this user; what it complains of fails the test."""
    contexts = []
    complaints: list[str] = []

    def open_page(user: User, **options: Any) -> Page:
        context = browser.new_context(
            base_url=programs.url, **{"viewport": {"width": 1440, "height": 900}, **options}
        )
        contexts.append(context)
        cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": session_of(user)}
        context.add_cookies([{**cookie, "url": programs.url}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_surface(sign_in: Callable[..., Page]) -> Callable[..., SurfacePage]:
    """`open_surface(user, source)`: the annotate page as that user sees it."""

    def open_page(user: User, source: Source, **options: Any) -> SurfacePage:
        return SurfacePage(sign_in(user, **options)).open(source.desk.slug, source.id)

    return open_page


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
