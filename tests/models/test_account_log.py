"""The log of accounts, by SQL past every service."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.models import AccountEvent, AccountEventType
from annotations.models.account_log import KEPT_FOR
from tests.factories import make_user
from tests.models.attacks import execute, refused

pytestmark = pytest.mark.django_db


def a_line(**values: object) -> AccountEvent:
    return AccountEvent.objects.create(type=AccountEventType.SIGNED_IN, user=make_user(), **values)


@pytest.mark.parametrize("column", ["note = 'x'", "at = now()", "user_id = NULL", "address = NULL"])
def test_no_line_changes(column: str) -> None:
    a_line()

    with refused("account_log_is_append_only"):
        execute(f"UPDATE annotations_accountevent SET {column}")


def test_a_line_is_kept_for_a_year() -> None:
    a_line(at=timezone.now() - KEPT_FOR + timedelta(minutes=1))

    with refused("account_log_is_kept_for_a_year"):
        execute("DELETE FROM annotations_accountevent")


def test_older_lines_may_go() -> None:
    a_line(at=timezone.now() - KEPT_FOR - timedelta(minutes=1))

    execute("DELETE FROM annotations_accountevent")

    assert not AccountEvent.objects.exists()
