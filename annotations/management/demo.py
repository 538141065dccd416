"""The demo's users and keys, and the file that tells them to people and scripts."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from annotations.errors import DomainError
from annotations.management.corpus import SLUG, Team, load_corpus
from annotations.models import ApiKey, Desk, Scope, User
from annotations.services.keys import make_key, revoke_keys
from annotations.services.tagging.codebook_values import UNSTORABLE

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

SIGN_IN = ("email", "password")

Content = dict[str, Any]


def load_demo() -> Path:
    """The corpus with its users; `demo.json` in the data folder has their passwords and keys.

    The demo is made once, where there is no account and no desk yet. Afterwards it belongs to its
    users: they may change their addresses, leave the desk or close it, and nothing is made again.
    A lost or damaged file is written again with new passwords and keys for the accounts that are
    on the desk still under their first address; the demo's keys made before are revoked.
    Raises CommandError where a folder stands in its place.
    """
    path = settings.DATA_DIR / "demo.json"
    if path.is_dir():  # asked first: accounts whose passwords nobody is told are of no use
        raise CommandError(f"{path} is a folder. Move what is there away")
    if not (User.objects.exists() or Desk.objects.exists()):
        path.unlink(missing_ok=True)  # it is of another database
        _write(path, _make())
        return path
    kept = _read(path)
    if kept is None:
        path.unlink(missing_ok=True)  # its passwords are wrong once they are new
        kept = _renew()
    _write(path, kept | {"url": settings.PUBLIC_URL, "users": _working(kept["users"])})
    return path


@transaction.atomic
def _make() -> Content:
    passwords = {role: _password() for role in NAMES}
    users = {
        role: User.objects.create_user(_email(role), password, name=NAMES[role])
        for role, password in passwords.items()
    }
    desk = load_corpus(
        Team(
            manager=users["manager"],
            editor=users["editor"],
            second_editor=users["editor2"],
            reviewer=users["reviewer"],
        )
    )
    return _content(users, passwords, _keys(desk, users))


@transaction.atomic
def _renew() -> Content:
    """New passwords and keys for the accounts that are on the demo's desk still, if it is there."""
    desk = Desk.objects.filter(slug=SLUG).first()
    if desk is None:  # asked for members of None, the database names all who are on no desk
        return _content({}, {}, {})
    users, passwords = {}, {}
    members = User.objects.filter(memberships__desk=desk, is_active=True)
    for role in NAMES:
        if user := members.filter(email__iexact=_email(role)).first():
            users[role], passwords[role] = user, _password()
            user.set_password(passwords[role])
            user.save(update_fields=["password"])
    return _content(users, passwords, _keys(desk, users))


def _keys(desk: Desk, users: dict[str, User]) -> dict[str, str]:
    made = {}
    for name, (role, scope) in KEYS.items():
        if role in users and (secret := _key(desk, name, users[role], scope)):
            made[name] = secret
    return made


def _key(desk: Desk, name: str, user: User, scope: Scope) -> str:
    """Its secret; empty when the user may no longer make keys on the desk."""
    title = f"Demo: {name}"
    revoke_keys(ApiKey.objects.filter(desk=desk, user=user, name=title), by=user)
    try:
        return make_key(desk=desk, by=user, name=title, scopes=[scope])[1]
    except DomainError:
        return ""


def _content(users: dict[str, User], passwords: dict[str, str], keys: dict[str, str]) -> Content:
    return {
        "url": settings.PUBLIC_URL,
        "desk": SLUG,
        "users": {
            role: {"email": user.email, "password": passwords[role]} for role, user in users.items()
        },
        "keys": keys,
    }


def _working(users: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The sign-ins that still work: a changed address or password is nobody else's to know."""
    return {
        role: each
        for role, each in users.items()
        if (user := User.objects.filter(email__iexact=each["email"], is_active=True).first())
        and user.check_password(each["password"])
    }


def _password() -> str:
    return secrets.token_urlsafe(12)


def _email(role: str) -> str:
    return f"{role}@{DOMAIN}"


def _read(path: Path) -> Content | None:
    """The file's content if it is in the form in which it was written, else None."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        users, keys = content["users"], content["keys"]
        is_whole = (
            content["desk"] == SLUG
            and users.keys() <= NAMES.keys()
            and keys.keys() <= KEYS.keys()
            and all(isinstance(user[name], str) for user in users.values() for name in SIGN_IN)
            and all(isinstance(secret, str) for secret in keys.values())
            and not _has_unstorable(content)
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return content if is_whole else None


def _has_unstorable(value: object) -> bool:
    """Whether a text in it can be stored neither in UTF-8 nor in the database."""
    if isinstance(value, dict):
        return any(_has_unstorable(each) for each in (*value.keys(), *value.values()))
    if isinstance(value, list):
        return any(_has_unstorable(each) for each in value)
    return isinstance(value, str) and UNSTORABLE.search(value) is not None


def _write(path: Path, content: Content) -> None:
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
