"""The command that makes the first desk of an installation."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotations.models import Desk, Role
from annotations.queries.desks import codebook_document
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_desk_has_its_manager_and_the_default_codebook(capsys: pytest.CaptureFixture) -> None:
    user = make_user("Chief")

    call_command("create_desk", "caucasus", "Caucasus desk", manager=user.email.upper())

    desk = Desk.objects.get(slug="caucasus")
    assert desk.memberships.get().user == user
    assert desk.memberships.get().role == Role.MANAGER
    assert not desk.is_public
    assert [kind["labels"] != [] for kind in codebook_document(desk)["kinds"]] == [True] * 4
    assert "/desks/caucasus/ is ready" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("manager", "codebook", "sentence"),
    [
        ("nobody@example.org", None, "has no account"),
        (None, "/nowhere/codebook.toml", "Cannot read the codebook"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_made(
    manager: str | None, codebook: str | None, sentence: str
) -> None:
    more = {"codebook": Path(codebook)} if codebook else {}

    with pytest.raises(CommandError, match=sentence):
        call_command(
            "create_desk", "caucasus", "Desk", manager=manager or make_user().email, **more
        )

    assert not Desk.objects.exists()


def test_a_name_that_is_taken_is_refused() -> None:
    user = make_user()
    call_command("create_desk", "caucasus", "Caucasus desk", manager=user.email)

    with pytest.raises(CommandError, match="a desk of this name already"):
        call_command("create_desk", "caucasus", "Another", manager=user.email)
