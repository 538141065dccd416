"""`load_seeds`: the demo's sign-ins, one account's own desk, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from annotations.management.corpus import SLUG
from annotations.models import Annotation, ApiKey, Desk, Membership, Role, Source, State, User
from annotations.services import jobs
from annotations.services.keys import use_key
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def apart(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path
    settings.PUBLIC_URL = "http://127.0.0.1:8123"
    monkeypatch.setattr(jobs, "_send", lambda _id: None)


def demo_file(tmp_path: Path) -> dict[str, Any]:
    return json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))


def test_the_sign_ins_and_keys_of_the_file_work(tmp_path: Path) -> None:
    call_command("load_seeds", demo=True)

    demo = demo_file(tmp_path)
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600
    assert (demo["url"], demo["desk"]) == ("http://127.0.0.1:8123", SLUG)
    assert demo["users"].keys() == {"editor", "editor2", "reviewer", "manager"}
    for each in demo["users"].values():
        assert User.objects.get_by_natural_key(each["email"]).check_password(each["password"])
    roles = {
        name: Membership.objects.get(user=key.user, desk=key.desk).role
        for name, secret in demo["keys"].items()
        if (key := use_key(secret))
    }
    assert roles == {
        "published_read": Role.MANAGER,
        "editor_write": Role.EDITOR,
        "editor2_write": Role.EDITOR,
        "reviewer_write": Role.REVIEWER,
        "manager_write": Role.MANAGER,
    }


def test_loading_again_changes_nothing_but_the_address(tmp_path: Path, settings: Settings) -> None:
    call_command("load_seeds", demo=True)
    before = demo_file(tmp_path)
    settings.PUBLIC_URL = "http://127.0.0.1:9999"

    call_command("load_seeds", demo=True)

    assert demo_file(tmp_path) == before | {"url": "http://127.0.0.1:9999"}
    assert (Source.objects.count(), Annotation.objects.count()) == (1, 60)
    assert ApiKey.objects.count() == 5


def test_a_lost_or_damaged_file_is_made_anew_and_the_old_keys_revoked(tmp_path: Path) -> None:
    call_command("load_seeds", demo=True)

    for damage in (None, "", "{", "[]", '{"users": {}, "keys": {}}'):
        before = demo_file(tmp_path)
        (tmp_path / "demo.json").unlink()
        if damage is not None:
            (tmp_path / "demo.json").write_text(damage, encoding="utf-8")
        call_command("load_seeds", demo=True)

        demo = demo_file(tmp_path)
        assert not [secret for secret in before["keys"].values() if use_key(secret)]
        assert all(use_key(secret) for secret in demo["keys"].values())
        editor = User.objects.get_by_natural_key(demo["users"]["editor"]["email"])
        assert editor.check_password(demo["users"]["editor"]["password"])
    assert Annotation.objects.count() == 60


def test_a_file_that_outlived_its_database_is_made_anew(tmp_path: Path) -> None:
    with transaction.atomic():
        call_command("load_seeds", demo=True)
        transaction.set_rollback(True)
    before = demo_file(tmp_path)

    call_command("load_seeds", demo=True)

    demo = demo_file(tmp_path)
    assert before["keys"].keys() == demo["keys"].keys()
    assert all(use_key(secret) for secret in demo["keys"].values())


def test_production_has_no_demo_users(settings: Settings) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="Production has no demo users"):
        call_command("load_seeds", demo=True)

    assert not User.objects.exists()


def test_one_account_gets_the_corpus_with_nothing_approved() -> None:
    owner = make_user("Owner")

    call_command("load_seeds", manager=owner.email)

    assert Membership.objects.get().role == Role.MANAGER
    assert set(Annotation.objects.values_list("head__state", flat=True)) == {
        State.DRAFT,
        State.SUBMITTED,
    }
    assert User.objects.count() == 1
    assert not Desk.objects.get().is_public


def test_an_account_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="has no account"):
        call_command("load_seeds", manager="nobody@example.org")
