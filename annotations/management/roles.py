"""What the role that the product works as may do: read and write rows, and nothing else.

It owns no table and is no superuser, so it can neither switch a trigger off (`ALTER TABLE`,
`session_replication_role`) nor empty a table past them (`TRUNCATE`). It makes no temporary table:
one of the name of ours would stand in its place where a trigger reads.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError
from psycopg import sql

POWERS = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
ROLE = """
    SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
    FROM pg_roles WHERE rolname = %s
"""
OWNS = """
    SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
    WHERE r.rolname = %s AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""
RIGHTS = """
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role};
    REVOKE ALL ON SCHEMA public FROM {role};
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
    GRANT USAGE ON SCHEMA public TO {role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}
"""


def limit_role(connection: BaseDatabaseWrapper) -> None:
    """As the owner: the product's role is there, may read and write rows, and owns nothing.

    Does nothing where only one role is known. Raises CommandError.
    """
    settings = connection.settings_dict
    if not settings.get("OWNER"):
        return
    name, password = settings["USER"], settings["PASSWORD"]
    with connection.cursor() as cursor:
        _make(cursor, name)
        _set_password(connection, cursor, name, password)
        cursor.execute(OWNS, [name])
        if cursor.fetchone()[0]:
            raise CommandError(
                f"The database role {name} owns tables, so it could switch their rules off: let "
                f"DATABASE_URL name another one, which is made if it is not there."
            )
        database = sql.Identifier(connection.get_connection_params()["dbname"])
        cursor.execute(sql.SQL(RIGHTS).format(role=sql.Identifier(name), database=database))


def _make(cursor: Any, name: str) -> None:
    role = sql.Identifier(name)
    cursor.execute(ROLE, [name])
    found = cursor.fetchone()
    try:
        if found is None:
            cursor.execute(sql.SQL(f"CREATE ROLE {{}} LOGIN {POWERS}").format(role))
        elif found[0]:
            cursor.execute(sql.SQL(f"ALTER ROLE {{}} {POWERS}").format(role))
    except DatabaseError as error:
        cursor.execute(ROLE, [name])
        if cursor.fetchone() == (False,):  # another one has made it at the same moment
            return
        raise CommandError(
            f"The database role {name} could not be made or limited. As a superuser of the "
            f"database run: CREATE ROLE {name} LOGIN {POWERS} PASSWORD '…';"
        ) from error


def _set_password(connection: BaseDatabaseWrapper, cursor: Any, name: str, password: str) -> None:
    """As DATABASE_URL has it; only its hash is sent. Without one the server asks for none."""
    if not password:
        return
    raw = connection.connection.pgconn
    hashed = raw.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
    cursor.execute(statement.format(sql.Identifier(name), sql.Literal(hashed)))
