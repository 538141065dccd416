"""`load_seeds`: the demo's sign-ins, one account's own desk, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from annotations.errors import DomainError
from annotations.management.corpus import SLUG
from annotations.management.demo import NAMES
from annotations.models import Annotation, ApiKey, Desk, Membership, Role, Source, State, User
from annotations.services import jobs
from annotations.services.accounts.administration import close_desk, set_administrator
from annotations.services.desks import remove_member, set_member
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


@pytest.mark.parametrize("half", ["\\ud800", "\\u0000"])
@pytest.mark.parametrize("where", ["email", "password", "key", "url"])
def test_a_file_with_half_a_character_is_made_anew(tmp_path: Path, half: str, where: str) -> None:
    call_command("load_seeds", demo=True)
    path, damaged = tmp_path / "demo.json", demo_file(tmp_path)
    owner = {"key": damaged["keys"], "url": damaged}.get(where, damaged["users"]["editor"])
    owner["editor_write" if where == "key" else where] = "HALF"
    path.write_text(json.dumps(damaged).replace("HALF", f"e{half}@x.example"), encoding="utf-8")

    call_command("load_seeds", demo=True)

    demo = demo_file(tmp_path)
    editor = User.objects.get_by_natural_key(demo["users"]["editor"]["email"])
    assert editor.check_password(demo["users"]["editor"]["password"])


@pytest.mark.parametrize("is_made", [False, True])
def test_a_folder_in_place_of_the_file_is_named_and_nothing_is_made(
    tmp_path: Path, is_made: bool
) -> None:
    if is_made:
        call_command("load_seeds", demo=True)
        (tmp_path / "demo.json").unlink()
    (tmp_path / "demo.json").mkdir()
    before = set(User.objects.values_list("id", "password"))

    with pytest.raises(CommandError, match=r"demo\.json.*Move what is there away"):
        call_command("load_seeds", demo=True)
    assert set(User.objects.values_list("id", "password")) == before

    (tmp_path / "demo.json").rmdir()
    call_command("load_seeds", demo=True)
    assert demo_file(tmp_path)["users"].keys() == NAMES.keys()


@pytest.mark.parametrize("how", ["closed", "readers"])
def test_a_lost_file_ends_the_old_keys_where_no_new_ones_are_given(
    tmp_path: Path, how: str
) -> None:
    call_command("load_seeds", demo=True)
    before = demo_file(tmp_path)
    if how == "closed":
        administrator = set_administrator(user=make_user(), by=None, wanted=True)
        close_desk(desk=Desk.objects.get(), by=administrator)
    else:
        Membership.objects.exclude(role=Role.MANAGER).update(role=Role.READER)
    (tmp_path / "demo.json").unlink()

    call_command("load_seeds", demo=True)

    assert not [name for name, secret in before["keys"].items() if use_key(secret)]


def test_a_file_that_outlived_its_database_is_made_anew(tmp_path: Path) -> None:
    with transaction.atomic():
        call_command("load_seeds", demo=True)
        transaction.set_rollback(True)
    before = demo_file(tmp_path)

    call_command("load_seeds", demo=True)

    demo = demo_file(tmp_path)
    assert before["keys"].keys() == demo["keys"].keys()
    assert all(use_key(secret) for secret in demo["keys"].values())


def change_address(role: str) -> None:
    new = f"{role}@new.example"
    if not User.objects.filter(email=new).exists():
        User.objects.filter(email=f"{role}@imprimatur.example").update(email=new)


def close_account(role: str) -> None:
    with suppress(IntegrityError), transaction.atomic():  # not the last manager
        User.objects.filter(email=f"{role}@imprimatur.example").update(is_active=False)


def change_password(role: str) -> None:
    user = User.objects.filter(email=f"{role}@imprimatur.example").first()
    if user is not None:
        user.set_password("a password of one's own")
        user.save()


def leave(role: str) -> None:
    if Desk.objects.exists():
        user, desk = User.objects.get(name=NAMES[role]), Desk.objects.get()
        with suppress(DomainError):
            remove_member(desk=desk, by=a_manager(), user=user)


def become(role: str) -> None:
    if Desk.objects.exists():
        user, desk = User.objects.get(name=NAMES[role]), Desk.objects.get()
        with suppress(DomainError):
            set_member(desk=desk, by=a_manager(), user=user, role=Role.READER)


def lose_membership(role: str) -> None:
    """By raw SQL, the last manager too."""
    Membership.objects.filter(user__name=NAMES[role]).delete()


def rename_desk(_role: str) -> None:
    Desk.objects.update(slug="another", name="Another")


def take_address(role: str) -> None:
    """A stranger comes to have the address that a demo person gave up."""
    email = f"{role}@imprimatur.example"
    if not User.objects.filter(email=email).exists():
        make_user("Stranger", email=email)


def lose_file(_role: str) -> None:
    (Path(settings.DATA_DIR) / "demo.json").unlink(missing_ok=True)


def a_manager() -> User:
    found = Membership.objects.filter(role=Role.MANAGER).first()
    return found.user if found else make_user()


ACTIONS = [
    change_address, close_account, change_password, leave, become, lose_membership, rename_desk,
    take_address, lose_file,
]  # fmt: skip


@pytest.fixture
def made_once(tmp_path: Path) -> bytes:
    """The demo, loaded once for all examples, which are rolled back; the file's content."""
    call_command("load_seeds", demo=True)
    return (tmp_path / "demo.json").read_bytes()


@given(
    st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from(sorted(NAMES))), max_size=12),
    st.booleans(),
)
@example([(change_address, "manager")], False)
@example([(lose_membership, role) for role in NAMES], True)
@example([(change_address, role) for role in NAMES] + [(rename_desk, "editor")], True)
@example([(change_address, "editor"), (take_address, "editor")], True)
@example([(change_address, "editor"), (take_address, "editor"), (rename_desk, "editor")], True)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_its_users_do_it_starts_again_and_is_not_made_again(
    made_once: bytes, actions: list[tuple[Callable[[str], None], str]], is_file_lost: bool
) -> None:
    file = Path(settings.DATA_DIR) / "demo.json"
    file.write_bytes(made_once)
    with transaction.atomic():
        for act, role in actions:
            act(role)
        if is_file_lost:
            lose_file("")
        before = (set(User.objects.values_list("id", "email")), Desk.objects.count())
        strangers = dict(User.objects.filter(name="Stranger").values_list("id", "password"))

        call_command("load_seeds", demo=True)

        after = (set(User.objects.values_list("id", "email")), Desk.objects.count())
        assert after == before
        assert dict(User.objects.filter(name="Stranger").values_list("id", "password")) == strangers
        told = json.loads(file.read_text(encoding="utf-8"))
        for each in told["users"].values():
            user = User.objects.get_by_natural_key(each["email"])
            assert user.is_active
            assert user.check_password(each["password"])
        if is_file_lost:
            assert all(use_key(secret) for secret in told["keys"].values())
        transaction.set_rollback(True)


def test_the_demo_is_not_made_beside_accounts_of_other_people(tmp_path: Path) -> None:
    owner = make_user("Owner")

    call_command("load_seeds", demo=True)

    assert list(User.objects.all()) == [owner]
    assert not Desk.objects.exists()
    assert demo_file(tmp_path)["users"] == {}


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
