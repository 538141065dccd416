"""Signs people in; run as a module with COUNT, in the environment of a scratch product.

Prints the session keys of so many new readers of the sample desk, as JSON.
"""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from annotations.models import Desk, Membership, Role, User  # noqa: E402


def main() -> None:
    desk = Desk.objects.get()
    print(json.dumps([_session_of(_reader(desk, n)) for n in range(int(sys.argv[1]))]))


def _reader(desk: Desk, number: int) -> User:
    user = User(email=f"reader-{number}@example.org", name=f"Reader {number}")
    user.set_unusable_password()
    user.save()
    Membership.objects.create(desk=desk, user=user, role=Role.READER)
    return user


def _session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    main()
