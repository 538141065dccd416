"""`manage.py migrate`: Django's, as the owner of the tables; then limits the product's role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from annotations.management.roles import limit_role

ONE_ROLE = (
    "The product works as the owner of its tables, who can switch their rules off: "
    "see “Two roles of the database” in docs/operations.md."
)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection: Any = connections[options["database"]]
        with connection.as_owner():
            super().handle(*args, **options)
            if not options["check_unapplied"] and not options["plan"]:
                limit_role(connection)
        if settings.PRODUCTION and not connection.settings_dict.get("OWNER"):
            self.stderr.write(ONE_ROLE)
