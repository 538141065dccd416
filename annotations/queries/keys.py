"""API keys of a desk."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from annotations import policy
from annotations.errors import NotFound
from annotations.models import ApiKey, Desk, Role, User
from annotations.policy import Action


def keys_of(desk: Desk, user: User, role: Role) -> QuerySet[ApiKey]:
    """One's own keys, newest first; a manager sees all."""
    keys = ApiKey.objects.filter(desk=desk).select_related("user", "desk").order_by("-created_at")
    return keys if policy.allows(role, Action.MANAGE) else keys.filter(user=user)


def key_on(desk: Desk, user: User, role: Role, id: UUID) -> ApiKey:
    """Raises NotFound."""
    key = keys_of(desk, user, role).filter(id=id).first()
    if key is None:
        raise NotFound("There is no such key.")
    return key
