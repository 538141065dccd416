"""The role that the product works as can write rows, and can go past no rule."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from annotations.management.roles import limit_role
from tests.models.attacks import a_draft

pytestmark = pytest.mark.django_db

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def rows(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def test_it_is_no_superuser_and_owns_nothing() -> None:
    [powers] = rows(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
        " FROM pg_roles WHERE rolname = current_user"
    )
    owned = rows(
        "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user"
        " UNION SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = current_user"
    )
    member_of = rows(
        "SELECT roleid::regrole FROM pg_auth_members WHERE member = current_user::regrole"
    )

    assert not any(powers)
    assert owned == member_of == []


def test_of_every_table_it_may_read_and_write_rows_and_nothing_else() -> None:
    for (table,) in rows(TABLES):
        [given] = rows(
            "SELECT array_agg(privilege_type::text ORDER BY privilege_type::text)"
            " FROM information_schema.table_privileges"
            " WHERE grantee = current_user AND table_schema = 'public' AND table_name = %s",
            table,
        )
        assert given == (["DELETE", "INSERT", "SELECT", "UPDATE"],), table


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET LOCAL session_replication_role = 'local'",
        "SELECT set_config('session_replication_role', 'replica', true)",
        "TRUNCATE annotations_event CASCADE",
        "TRUNCATE annotations_accountevent",
        "ALTER TABLE annotations_event DISABLE TRIGGER ALL",
        "ALTER TABLE annotations_event DISABLE TRIGGER USER",
        "DROP TRIGGER events_are_append_only ON annotations_event",
        "CREATE OR REPLACE FUNCTION imprimatur_immutable() RETURNS trigger LANGUAGE plpgsql"
        " AS $$BEGIN RETURN NEW; END$$",
        "DROP FUNCTION imprimatur_immutable() CASCADE",
        "ALTER TABLE annotations_event OWNER TO CURRENT_USER",
        "DROP TABLE annotations_event CASCADE",
        "CREATE TABLE of_its_own (number bigint)",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE ROLE another SUPERUSER",
        "SET ROLE imprimatur",
        "SET SESSION AUTHORIZATION imprimatur",
        "COPY annotations_event FROM PROGRAM 'true'",
        "COPY annotations_event TO '/tmp/events'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_what_would_go_past_the_rules_is_refused(statement: str) -> None:
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)

    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_no_table_is_emptied_past_its_triggers() -> None:
    a_draft()

    for (table,) in rows(TABLES):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))


@pytest.mark.django_db(transaction=True)
def test_migrating_takes_away_what_it_should_not_have() -> None:
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("GRANT TRUNCATE, TRIGGER ON annotations_event TO imprimatur_app")
        cursor.execute("GRANT CREATE ON SCHEMA public TO imprimatur_app")

    call_command("migrate", verbosity=0)

    assert not rows("SELECT has_schema_privilege('public', 'CREATE')")[0][0]
    assert not rows("SELECT has_table_privilege('annotations_event', 'TRUNCATE')")[0][0]


@pytest.mark.django_db(transaction=True)
def test_a_role_that_owns_tables_is_refused_with_what_to_do() -> None:
    with connection.as_owner():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE django_session OWNER TO imprimatur_app")
            with pytest.raises(CommandError, match=r"owns tables.*let DATABASE_URL name another"):
                limit_role(connection)
            transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_the_role_cannot_change_within_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        with connection.as_owner():
            pass


def test_no_temporary_table_stands_in_the_place_of_one_that_a_rule_reads() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE annotations_desk AS SELECT * FROM annotations_desk")
