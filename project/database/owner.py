"""Two roles: the product works as one that owns nothing, and migrates as the owner of the tables.

The owner of a table may switch its triggers off or empty it, and a superuser all of them, so the
product is neither. What only the owner may do says so by `as_owner`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, cast

from django.db.backends.postgresql import base, operations, schema
from django.db.transaction import TransactionManagementError

PARAMETERS = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


class Operations(operations.DatabaseOperations):
    def execute_sql_flush(self, sql_list: Any) -> None:
        """Emptying tables is the owner's: for tests."""
        connection = cast(TwoRoles, self.connection)
        with connection.as_owner():
            super().execute_sql_flush(sql_list)


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Works as the owner, whoever asks for it."""

    def __enter__(self) -> Self:
        self._role = cast(TwoRoles, self.connection).as_owner()
        self._role.__enter__()
        return super().__enter__()

    def __exit__(self, *error: Any) -> None:
        try:
            super().__exit__(*error)
        finally:
            self._role.__exit__(None, None, None)


class TwoRoles(base.DatabaseWrapper):
    """`OWNER` in the settings names the owner, where this process knows its password."""

    ops_class = Operations
    SchemaEditorClass = SchemaEditor

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self.is_owner = settings_dict["NAME"] is None  # who makes and drops databases of tests

    def get_connection_params(self) -> dict[str, Any]:
        parameters = super().get_connection_params()
        if self.is_owner:
            owner = self.settings_dict.get("OWNER") or {}
            parameters |= {PARAMETERS[name]: value for name, value in owner.items() if value}
        return parameters

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Works as the owner inside, on a new connection; as usual where there is no other role."""
        if self.is_owner or not self.settings_dict.get("OWNER"):
            yield
            return
        if self.in_atomic_block:
            raise TransactionManagementError("The role cannot change within a transaction.")
        self.close()
        self.is_owner = True
        try:
            yield
        finally:
            self.close()
            self.is_owner = False
