"""What a view lets through unless it says otherwise: nothing."""

from __future__ import annotations

from rest_framework.permissions import BasePermission


class DenyAll(BasePermission):
    """The default, so that a view that forgets to name its rule is closed."""

    def has_permission(self, request: object, view: object) -> bool:  # noqa: ARG002
        return False
