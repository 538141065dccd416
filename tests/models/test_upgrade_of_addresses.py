"""What becomes of the addresses of an installation that did not know confirmed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from annotations.models import User
from annotations.models.identity import new_id

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("annotations", "0021_profile")]


@pytest.fixture
def old_models() -> Iterator[Callable[[str, str], Any]]:
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    yield executor.migrate(BEFORE).apps.get_model
    executor = MigrationExecutor(connection)
    executor.migrate(newest)


def test_what_nobody_proved_is_not_confirmed(old_models: Callable[[str, str], Any]) -> None:
    people, rows = old_models("annotations", "User"), old_models("account", "EmailAddress")

    def made(address: str, *addresses: tuple[str, bool, bool]) -> None:
        user = people.objects.create(id=new_id(), email=address, name=address)
        for email, verified, primary in addresses:
            rows.objects.create(user=user, email=email, verified=verified, primary=primary)

    made("Operator@example.org")
    made("proved@example.org", ("proved@example.org", True, True))
    made("taken@example.org", ("taken@example.org", False, True))
    made("other@example.org", ("old@example.org", True, False), ("other@example.org", False, True))
    made("asked@example.org", ("asked@example.org", True, True), ("new@example.org", False, False))
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    confirmed = dict(User.objects.values_list("email", "email_confirmed"))
    assert confirmed == {
        "operator@example.org": True,
        "proved@example.org": True,
        "taken@example.org": False,
        "other@example.org": False,
        "asked@example.org": True,
    }
    kept = User.objects.values_list("emailaddress__email", "emailaddress__verified")
    assert dict(kept) == confirmed
