"""`python -m project.prepare`: bring the database up to date and fill in what a start needs."""

import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection

STARTERS_LOCK = 7_401_000  # any number no other advisory lock uses


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    try:
        django.setup()
        prepare()
    except (ImproperlyConfigured, OperationalError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def prepare() -> None:
    """Migrate; then make static files (production) or load the sample corpus and demo users.

    Two starters take turns by a database lock, which ends with its process.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [STARTERS_LOCK])
    call_command("migrate", interactive=False, verbosity=0)
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
    else:
        call_command("load_seeds", demo=True)


if __name__ == "__main__":
    sys.exit(main())
