"""A step of the start that fails says what to do, and only a needed one ends the start."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection
from pytest_django import Settings

from annotations.database_names import AdvisoryLock
from project import prepare
from project.prepare import Step, Unprepared


@pytest.fixture(autouse=True)
def apart(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def failing(error: Exception, *, is_needed: bool = False) -> Step:
    def run() -> None:
        raise error

    return Step(run, "The lamp could not be lit", "Bring a match.", is_needed)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CommandError("There is no such desk.\nReally."), "There is no such desk"),
        (KeyError("users"), "'users'"),
        (OperationalError(), "OperationalError"),
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
    ],
)
def test_a_step_that_fails_says_what_to_do_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, error: Exception, reason: str
) -> None:
    prepare._take(failing(error))

    log = tmp_path / "log" / "prepare.log"
    said = f"The lamp could not be lit ({reason}). Bring a match. Details are in {log}.\n"
    assert capsys.readouterr().err == said
    assert "Traceback" in log.read_text()


def test_half_a_character_in_a_failure_is_written_as_its_number(tmp_path: Path) -> None:
    assert prepare._details(ValueError("e\ud800"))

    assert r"ValueError: e\ud800" in (tmp_path / "log" / "prepare.log").read_text()


def test_without_a_needed_step_nothing_starts() -> None:
    with pytest.raises(Unprepared, match=r"The lamp could not be lit \(no oil\). Bring a match."):
        prepare._take(failing(RuntimeError("no oil"), is_needed=True))


def test_a_log_that_cannot_be_written_hides_no_failure(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.DATA_DIR = Path("/proc/nowhere")

    prepare._take(failing(RuntimeError("no oil")))

    assert capsys.readouterr().err == "The lamp could not be lit (no oil). Bring a match.\n"


@pytest.mark.django_db
def test_a_failing_demo_does_not_keep_the_product_from_starting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "DEMO", failing(CommandError("There is no such desk")))
    monkeypatch.setattr(prepare, "MIGRATE", Step(lambda: None, "", ""))

    prepare.prepare()

    assert "There is no such desk" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_another_starter_is_waited_for_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "PATIENCE", 0.2)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [AdvisoryLock.START])
    try:
        with pytest.raises(psycopg.errors.LockNotAvailable):
            prepare.prepare()
    finally:
        other.close()
