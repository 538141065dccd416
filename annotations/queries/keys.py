"""API keys of a desk."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from annotations import policy
from annotations.errors import NotFound
from annotations.models import ApiKey, Desk, Role, User
from annotations.policy import Action
from annotations.queries.prepared_statements import columns, rows_of, taken

PERSON = "id", "email", "name", "is_active"  # what requests ask of them

# Neither revoked nor expired, of a user who may still sign in.
_USABLE = f"""
    SELECT {columns(User, "person", PERSON)}, {columns(Desk, "desk")}, {columns(ApiKey, "key")},
        membership.role
    FROM annotations_apikey key
    JOIN annotations_user person ON person.id = key.user_id AND person.is_active
    JOIN annotations_desk desk ON desk.id = key.desk_id
    LEFT JOIN annotations_membership membership
        ON membership.desk_id = key.desk_id AND membership.user_id = key.user_id
    WHERE key.sha256 = %(sha256)s AND key.revoked_at IS NULL
    AND (key.expires_at IS NULL OR key.expires_at > clock_timestamp())
"""  # noqa: S608 - the names of our own columns


def usable_key(sha256: str) -> ApiKey | None:
    """The key whose secret has this hash, with its user, desk and role; one statement."""
    for row in rows_of(_USABLE, {"sha256": sha256}):
        values = iter(row)
        user, desk = taken(User, values, PERSON), taken(Desk, values)
        key = taken(ApiKey, values)
        role = next(values)
        key.user, key.desk, key.role = user, desk, Role(role) if role else None
        return key
    return None


def keys_of(desk: Desk, user: User, role: Role) -> QuerySet[ApiKey]:
    """One's own keys, newest first; a manager sees all."""
    keys = ApiKey.objects.filter(desk=desk).select_related("user", "desk").order_by("-created_at")
    return keys if policy.allows(role, Action.MANAGE) else keys.filter(user=user)


def living_keys(user: User) -> QuerySet[ApiKey]:
    """The person's keys on all desks that are not revoked, expired ones too."""
    return ApiKey.objects.filter(user=user, revoked_at=None)


def key_on(desk: Desk, user: User, role: Role, id: UUID) -> ApiKey:
    """Raises NotFound."""
    key = keys_of(desk, user, role).filter(id=id).first()
    if key is None:
        raise NotFound("There is no such key.")
    return key
