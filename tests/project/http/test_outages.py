"""Database and disk that fail: 503 and 507 wherever it happens, with the time to try again."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, override_settings
from django.urls import path, reverse
from psycopg import errors

from annotations.models import Desk, Role
from annotations.outages import outage_of
from project.urls import handler500 as of_the_product
from project.urls import urlpatterns as all_pages
from tests import factories
from tests.api.client import as_role, published, work

pytestmark = pytest.mark.django_db

handler500 = of_the_product


def fail(_request: object, kind: str) -> None:
    raise FAILURES[kind][0]


urlpatterns = [*all_pages, path("fail/<str:kind>", fail)]
here = override_settings(ROOT_URLCONF=__name__)


def caused_by(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    error = kind(str(cause))
    error.__cause__ = cause
    return error


FAILURES: dict[str, tuple[Exception, int]] = {
    "lost": (OperationalError("server closed the connection unexpectedly"), 503),
    "closed": (InterfaceError("the connection is closed"), 503),
    "raw": (psycopg.OperationalError("the database does not answer"), 503),
    "slow": (caused_by(errors.QueryCanceled("canceling statement due to timeout")), 503),
    "locked": (caused_by(errors.LockNotAvailable("lock timeout")), 503),
    "circle": (caused_by(errors.DeadlockDetected("deadlock")), 503),
    "many": (caused_by(errors.TooManyConnections("sorry, too many clients")), 503),
    "stopping": (caused_by(errors.AdminShutdown("terminating connection")), 503),
    "starting": (caused_by(errors.CannotConnectNow("the database system is starting up")), 503),
    "standby": (caused_by(errors.ReadOnlySqlTransaction("read-only transaction")), 503),
    "full": (caused_by(errors.DiskFull("could not extend file")), 507),
    "disk": (OSError(errno.ENOSPC, "No space left on device"), 507),
    "quota": (OSError(errno.EDQUOT, "Disk quota exceeded"), 507),
    "read only": (OSError(errno.EROFS, "Read-only file system"), 507),
    "defect": (caused_by(errors.UndefinedColumn("no such column")), 500),
    "file": (OSError(errno.EIO, "Input/output error"), 500),
    "mistake": (RuntimeError("a mistake of ours"), 500),
}


@here
@pytest.mark.parametrize("kind", FAILURES)
def test_a_page_says_what_failed_and_when_to_try_again(kind: str) -> None:
    error, status = FAILURES[kind]

    response = Client(raise_request_exception=False).get(f"/fail/{kind}")

    assert response.status_code == status
    assert "<html" in response.text
    assert str(error) not in response.text
    assert ("Retry-After" in response) == (status != 500)
    assert "no-store" in response["Cache-Control"]


@here
def test_a_page_that_says_so_asks_the_database_nothing() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(factories.make_user())

    with gone():
        response = client.get(reverse("home"))

    assert response.status_code == 503
    assert response["Retry-After"]


@contextmanager
def gone() -> Iterator[None]:
    """A database that fails every statement."""

    def fails(*_: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(fails):
        yield


@pytest.mark.parametrize("name", ["desk", "sources", "review", "settings", "activity"])
def test_every_page_of_a_desk_is_503_without_a_database(name: str) -> None:
    desk = factories.make_desk()
    client = Client(raise_request_exception=False)
    client.force_login(factories.member(desk, Role.MANAGER))

    with gone():
        assert client.get(reverse(name, args=[desk.slug])).status_code == 503


def test_the_api_is_503_without_a_database() -> None:
    desk: Desk = factories.make_desk(is_public=True)
    client = as_role(desk, Role.MANAGER)
    client.raise_request_exception = False

    with gone():
        answers = [
            client.get(work(desk, "annotations")),
            client.get(published(desk, "claims")),
            client.post(work(desk, "entities"), {"name": "Baku", "type": "place"}),
        ]

    for answer in answers:
        assert answer.status_code == 503
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["Retry-After"]


@pytest.mark.parametrize("kind", FAILURES)
def test_the_api_translates_them_alike(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = factories.make_desk()
    client = as_role(desk, Role.MANAGER)
    client.raise_request_exception = False
    error, status = FAILURES[kind]

    def fails(**_: Any) -> None:
        raise error

    monkeypatch.setattr("annotations.api.work.sources.create_entity", fails)
    answer = client.post(work(desk, "entities"), {"name": "Baku", "type": "place"})

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert str(error) not in answer.text


def test_an_upload_that_finds_no_space_is_507(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = factories.make_desk()
    client = Client(raise_request_exception=False)
    client.force_login(factories.member(desk, Role.EDITOR))

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", full)
    monkeypatch.setattr("django.core.files.uploadhandler.InMemoryUploadedFile", full)
    monkeypatch.setattr(FileSystemStorage, "save", full)
    answer = client.post(
        reverse("source_import", args=[desk.slug]),
        {"file": SimpleUploadedFile("a.txt", b"A text.")},
    )

    assert answer.status_code == 507


def test_what_is_no_outage_is_none() -> None:
    assert outage_of(None) is None
    assert outage_of(ValueError("x")) is None
    assert outage_of(FileNotFoundError(errno.ENOENT, "x")) is None
