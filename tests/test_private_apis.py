"""What other packages do not document is used in few places, and is as it was when it was read."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.db import connection
from django.db.backends.postgresql import base, operations, schema
from rest_framework.request import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from annotations.web.accounts import allauth_internals

ROOT = Path(__file__).parents[1]
OWN = {"_meta", "_replace", "_asdict", "_exit"}  # documented, in spite of their names
# Where a name with an underscore is somebody else's: methods of classes that are extended there.
INHERITED = {
    "annotations/models/accounts.py": {"_db"},
    "annotations/private_apis.py": {"_prepare_cursor", "_request"},
    "annotations/web/accounts/adapter.py": {"_check_password"},
    "annotations/web/accounts/second_factors.py": {"_get_site_name"},
    "annotations/web/accounts/single_sign_on.py": {"_fetch_user_info"},
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for root in ("annotations", "project"):
        for path in sorted((ROOT / root).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def defined_in(tree: ast.Module) -> set[str]:
    """Names that the module defines, attributes of `self` included."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def test_private_names_of_others_are_used_where_it_is_said() -> None:
    found: dict[str, set[str]] = {}
    for module, tree in modules():
        known = defined_in(tree) | OWN
        for node in ast.walk(tree):
            name = node.attr if isinstance(node, ast.Attribute) else ""
            if name.startswith("_") and not name.startswith("__") and name not in known:
                found.setdefault(module, set()).add(name)

    assert found == INHERITED


def test_nothing_else_imports_what_allauth_calls_internal() -> None:
    found = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "internal" in (node.module or "").split(".")
    }

    assert found == {"annotations/web/accounts/allauth_internals.py"}


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (base.DatabaseWrapper._prepare_cursor, ["self", "cursor"]),
        (base.DatabaseWrapper.get_connection_params, ["self"]),
        (operations.DatabaseOperations.execute_sql_flush, ["self", "sql_list"]),
        (schema.DatabaseSchemaEditor.__enter__, ["self"]),
        (AuthenticationBackend._check_password, ["self", "user", "password"]),
        (AuthenticationBackend._authenticate_by_email, ["self", "email", "password"]),
        (DefaultMFAAdapter._get_site_name, ["self"]),
        (OpenIDConnectOAuth2Adapter._fetch_user_info, ["self", "access_token"]),
        (allauth_internals.get_authentication_records, ["request", "user"]),
        (allauth_internals.get_reauthentication_flows, ["user"]),
        (allauth_internals.raise_if_reauthentication_required, ["request", "app"]),
        (allauth_internals.perform_password_login, ["request", "credentials", "login"]),
        (allauth_internals.normalize_user_code, ["code"]),
        (allauth_internals.generate_totp_secret, ["length"]),
        (allauth_internals.end_sessions, ["request", "sessions"]),
        (HttpToolsProtocol.connection_made, ["self", "transport"]),
        (HttpToolsProtocol.connection_lost, ["self", "exc"]),
        (HttpToolsProtocol.data_received, ["self", "data"]),
        (HttpToolsProtocol.on_headers_complete, ["self"]),
        (HttpToolsProtocol.send_400_response, ["self", "msg"]),
        (HttpToolsProtocol.pause_writing, ["self"]),
        (HttpToolsProtocol.resume_writing, ["self"]),
        (HttpToolsProtocol.timeout_keep_alive_handler, ["self"]),
    ],
    ids=lambda each: getattr(each, "__qualname__", ""),
)
def test_it_takes_what_it_took(function: Callable[..., Any], parameters: list[str]) -> None:
    assert list(inspect.signature(function).parameters) == parameters


def test_attributes_are_where_they_were() -> None:
    read = inspect.getsource(HttpToolsProtocol)

    for name in ("self.client", "self.connections", "self.headers", "self.url", "self.cycle",
                 "self.config", "self.loop", "self.transport"):  # fmt: skip
        assert f"{name} = " in read or f"{name}: " in read, name
    assert "self._request = request" in inspect.getsource(Request)
    assert hasattr(connection, "wrap_database_errors")
