"""`python -m benchmarks.support.copying DESK`, in the environment of a scratch product: bare COPY.

Prints how many seconds PostgreSQL takes for the statement of the export of that desk, when what
comes is thrown away.
"""

from __future__ import annotations

import os
import sys
import time

import django
import psycopg


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    from annotations.models import Desk  # noqa: PLC0415 - Django is set up by now
    from annotations.queries.published.export import lines_of  # noqa: PLC0415

    statement = lines_of(Desk.objects.get(slug=sys.argv[1]))
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for _ in copy:
                pass
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
