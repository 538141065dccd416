"""The demo's users and keys, and the file that tells them to people and scripts."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from annotations.management.corpus import SLUG, Team, load_corpus
from annotations.models import ApiKey, Desk, Scope, User
from annotations.services.keys import make_key, revoke_key

DOMAIN = "imprimatur.example"
NAMES = {
    "editor": "Editor",
    "editor2": "Second editor",
    "reviewer": "Reviewer",
    "manager": "Manager",
}
KEYS = {
    "published_read": ("manager", Scope.PUBLISHED_READ),
    "editor_write": ("editor", Scope.WORK_WRITE),
    "editor2_write": ("editor2", Scope.WORK_WRITE),
    "reviewer_write": ("reviewer", Scope.WORK_WRITE),
    "manager_write": ("manager", Scope.WORK_WRITE),
}


def load_demo() -> Path:
    """The corpus with its users; `demo.json` in the data folder says how to sign in.

    A readable file whose users are there is kept, but for the address. Otherwise the users get new
    passwords and keys, and the keys made before are revoked.
    """
    path = settings.DATA_DIR / "demo.json"
    kept = _read(path)
    if kept is not None and User.objects.filter(email__in=_emails().values()).count() == len(NAMES):
        _write(path, kept | {"url": settings.PUBLIC_URL})
        return path
    path.unlink(missing_ok=True)  # whatever it says is wrong once the passwords are new
    _write(path, _renew())
    return path


@transaction.atomic
def _renew() -> dict[str, Any]:
    passwords = {role: secrets.token_urlsafe(12) for role in NAMES}
    users = {role: _user(role, password) for role, password in passwords.items()}
    desk = load_corpus(
        Team(
            manager=users["manager"],
            editor=users["editor"],
            second_editor=users["editor2"],
            reviewer=users["reviewer"],
        )
    )
    return {
        "url": settings.PUBLIC_URL,
        "desk": SLUG,
        "users": {
            role: {"email": user.email, "password": passwords[role]} for role, user in users.items()
        },
        "keys": {
            name: _key(desk, name, users[role], scope) for name, (role, scope) in KEYS.items()
        },
    }


def _user(role: str, password: str) -> User:
    email = _emails()[role]
    user = User.objects.filter(email=email).first()
    if user is None:
        return User.objects.create_user(email, password, name=NAMES[role])
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def _key(desk: Desk, name: str, user: User, scope: Scope) -> str:
    title = f"Demo: {name}"
    for old in ApiKey.objects.select_related("desk").filter(
        desk=desk, user=user, name=title, revoked_at=None
    ):
        revoke_key(key=old, by=user)
    return make_key(desk=desk, by=user, name=title, scopes=[scope])[1]


def _emails() -> dict[str, str]:
    return {role: f"{role}@{DOMAIN}" for role in NAMES}


def _read(path: Path) -> dict[str, Any] | None:
    """The file's content if it has all that it should, else None."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        complete = content["users"].keys() == NAMES.keys() and content["keys"].keys() == KEYS.keys()
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return content if complete and content.get("desk") == SLUG else None


def _write(path: Path, content: dict[str, Any]) -> None:
    """All or nothing, and for the owner's eyes only from the first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
