"""`python -m project.prepare`: bring the database up to date and fill in what a start needs."""

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection

from annotations.database_names import AdvisoryLock

PATIENCE = 600  # seconds, for another starter's migrations


class Unprepared(Exception):
    """The product cannot start; the text is a sentence for people."""


@dataclass(frozen=True)
class Step:
    """One part of the preparation. Without `is_needed` the product starts although it failed."""

    run: Callable[[], object]
    failure: str
    advice: str
    is_needed: bool = False


MIGRATE = Step(
    lambda: call_command("migrate", interactive=False, verbosity=0),
    "The database could not be brought up to date",
    "Start the version that ran before, or mend the cause and start again.",
    is_needed=True,
)
COLLECT = Step(
    lambda: call_command("collectstatic", interactive=False, verbosity=0),
    "Style sheets and scripts could not be collected",
    "Pages may look wrong until “manage.py collectstatic” succeeds.",
)
DEMO = Step(
    lambda: call_command("load_seeds", demo=True),
    "The demo could not be prepared",
    "All else works. Try again by “manage.py load_seeds --demo”.",
)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    try:
        django.setup()
        prepare()
    except (ImproperlyConfigured, Unprepared) as error:
        _say(str(error))
        return 1
    except (DatabaseError, psycopg.Error) as error:
        _say(f"The database does not answer: {_first_line(error)}")
        return 1
    return 0


def prepare() -> None:
    """Migrate; then make static files (production) or load the sample corpus and demo users.

    Two starters take turns by a database lock, which ends with its process. Raises Unprepared,
    DatabaseError, psycopg.Error.
    """
    with _alone():
        for step in (MIGRATE, COLLECT if settings.PRODUCTION else DEMO):
            _take(step)


def _take(step: Step) -> None:
    try:
        step.run()
    except Exception as error:  # nothing that it does may keep the rest from starting
        details = _details(error)
        said = f"{step.failure} ({_first_line(error)}). {step.advice}{details}"
        if step.is_needed:
            raise Unprepared(said) from error
        _say(said)


@contextmanager
def _alone() -> Iterator[None]:
    """Holds the starters' lock on a connection of its own."""
    owner: Any = connection.copy()
    owner.is_owner = True  # the role of the product may not be there yet
    parameters = owner.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    with psycopg.connect(**parameters, autocommit=True) as lock:
        patience = f"{PATIENCE * 1000:.0f}"  # milliseconds
        lock.execute("SELECT set_config('lock_timeout', %s, false)", [patience])
        lock.execute("SELECT pg_advisory_lock(%s)", [AdvisoryLock.START])
        yield


def _details(error: BaseException) -> str:
    """Keeps the traceback in the log folder; where, for the end of the sentence."""
    path = Path(settings.DATA_DIR) / "log" / "prepare.log"
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        details = "".join(traceback.format_exception(error))
        path.write_text(details, encoding="utf-8", errors="backslashreplace")
        return f" Details are in {path}."
    return ""


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
