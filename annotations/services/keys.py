"""API keys: made, used, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations import policy
from annotations.errors import Invalid, Refused
from annotations.models import AccountEventType, ApiKey, Desk, EventType, Scope, User
from annotations.policy import Action
from annotations.queries.keys import living_keys, usable_key
from annotations.services.accounts.log import record_account_event
from annotations.services.ledger import record
from annotations.text.lines import as_line

PREFIX = "imp_"
NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_key(
    *, desk: Desk, by: User, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A key that acts as `by` within its scopes, and its secret, which is not kept."""
    policy.require(by, desk, Action.MAKE_KEYS)
    errors: dict[str, list[str]] = {}
    name = as_line(name)
    if not name or len(name) > 80:
        errors["name"] = ["Give the key a name of up to 80 characters that says where it is used."]
    if not scopes or not set(scopes) <= set(Scope.values):
        errors["scopes"] = [f"Choose from: {', '.join(Scope.values)}."]
    if expires_at is not None and expires_at <= timezone.now():
        errors["expires_at"] = ["The expiry must lie in the future."]
    if errors:
        raise Invalid(errors)
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        desk=desk,
        user=by,
        name=name,
        sha256=_hash(secret),
        scopes=list(scopes),
        expires_at=expires_at,
    )
    _log(AccountEventType.KEY_MADE, key)
    record(desk=desk, type=EventType.KEY_MADE, actor=by, note=key.name)
    return key, secret


@transaction.atomic
def revoke_key(*, key: ApiKey, by: User) -> ApiKey:
    """Its owner may, and managers, on a closed desk too. Revoking twice changes nothing."""
    role = policy.require(by, key.desk, Action.REVOKE_KEYS)
    if key.user_id != by.id and not policy.allows(role, Action.MANAGE):
        raise Refused("Only its owner or a manager may revoke a key.")
    if key.revoked_at is None:
        _revoke(key, by)
    return key


@transaction.atomic
def revoke_all_keys(*, user: User) -> None:
    """On all desks, as the person of the account; no policy is asked."""
    revoke_keys(living_keys(user), by=user)


def revoke_keys_of_member(*, desk: Desk, user: User, by: User) -> None:
    """All that the person has on the desk; part of a removal, whose policy has been asked."""
    revoke_keys(living_keys(user).filter(desk=desk), by=by)


def revoke_keys(which: QuerySet[ApiKey], *, by: User) -> None:
    """All of these that are not revoked; part of a larger change, whose policy has been asked."""
    for key in which.filter(revoked_at=None).select_related("desk", "user").order_by("desk", "id"):
        _revoke(key, by)


def use_key(secret: str) -> ApiKey | None:
    """The key of this secret if it is usable; notes when it was used, at most once a minute."""
    key = usable_key(_hash(secret))
    if key is not None:
        now = timezone.now()
        if key.last_used_at is None or key.last_used_at < now - NOTED_EVERY:
            ApiKey.objects.filter(id=key.id).update(last_used_at=now)
    return key


def _hash(secret: str) -> str:
    """Plain SHA-256 suffices: the secret has 256 random bits, so it cannot be guessed from it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _revoke(key: ApiKey, by: User) -> None:
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    _log(AccountEventType.KEY_REVOKED, key, by)
    if key.desk.closed_at is None:  # the ledger of a closed desk stays as it is
        record(desk=key.desk, type=EventType.KEY_REVOKED, actor=by, note=key.name)


def _log(type: AccountEventType, key: ApiKey, by: User | None = None) -> None:
    note = f"{key.name} ({key.desk})"
    record_account_event(type=type, user=key.user, by=by, note=note)
