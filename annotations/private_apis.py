"""What is used of Django and the REST framework although they do not document it.

Nothing else in `annotations/` names such a thing; `web/accounts/allauth_internals.py` is the same
for allauth. `tests/test_private_apis.py` fails where an upgrade changes one of them.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from rest_framework.request import Request


def django_request(request: Request) -> HttpRequest:
    """The request that the REST framework wraps, for functions of Django."""
    return request._request


def wrapped_cursor(database: BaseDatabaseWrapper, connection: psycopg.Connection[Any]) -> Any:
    """A cursor that binds on the server, with Django's errors, and counted by its tests."""
    return database._prepare_cursor(psycopg.Cursor(connection))  # type: ignore[attr-defined]
