"""Django's back end for PostgreSQL with what this package adds (ENGINE in the settings)."""

from __future__ import annotations

from types import SimpleNamespace

import psycopg

from project.database.connections import Connection
from project.database.owner import TwoRoles


class DatabaseWrapper(TwoRoles):
    """Its connections do not wait for ever, and work as a role that owns nothing."""

    Database = SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})  # type: ignore[assignment]
