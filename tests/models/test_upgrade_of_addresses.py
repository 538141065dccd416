"""What becomes of the addresses of an installation that did not know confirmed ones."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection, transaction

pytestmark = pytest.mark.django_db(transaction=True)
UPGRADE = import_module("annotations.migrations.0022_confirmed_addresses").PRESENT

# Temporary tables stand before those of the same name, whose triggers refuse the old state.
BEFORE = """
CREATE TEMPORARY TABLE annotations_user (id int, email text, email_confirmed bool DEFAULT false)
    ON COMMIT DROP;
CREATE TEMPORARY TABLE account_emailconfirmation (id int) ON COMMIT DROP;
CREATE TEMPORARY TABLE account_emailaddress (user_id int, email text, verified bool, "primary" bool)
    ON COMMIT DROP;
INSERT INTO annotations_user VALUES
    (1, 'Operator@example.org'), (2, 'proved@example.org'), (3, 'taken@example.org'),
    (4, 'other@example.org'), (5, 'asked@example.org'), (6, '');
INSERT INTO account_emailaddress VALUES
    (2, 'proved@example.org', true, true), (3, 'taken@example.org', false, true),
    (4, 'old@example.org', true, false), (4, 'other@example.org', false, true),
    (5, 'asked@example.org', true, true), (5, 'new@example.org', false, false);
"""


def test_what_nobody_proved_is_not_confirmed() -> None:
    as_owner = connection.as_owner()  # type: ignore[attr-defined]
    with as_owner, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BEFORE)
        cursor.execute(UPGRADE)
        cursor.execute("SELECT email, email_confirmed FROM annotations_user ORDER BY id")
        people = cursor.fetchall()
        cursor.execute(
            'SELECT email, verified FROM account_emailaddress WHERE "primary" ORDER BY user_id'
        )
        rows = cursor.fetchall()

    assert people == [
        ("operator@example.org", True),
        ("proved@example.org", True),
        ("taken@example.org", False),
        ("other@example.org", False),
        ("asked@example.org", True),
        ("", False),
    ]
    assert rows == people[:-1]
