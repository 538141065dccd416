"""Who reads a stream, and whether they still may."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from annotations import policy
from annotations.models import Membership, Role, User
from annotations.policy import Action
from annotations.queries.accounts.second_factors import owes_factor


@dataclass(frozen=True)
class Reader:
    """Somebody signed in who watches sources, by their ids and those of their desks."""

    user_id: UUID
    session_key: str
    desks: frozenset[UUID]
    sources: frozenset[UUID]


def those_who_still_may(readers: Collection[Reader]) -> set[Reader]:
    """Those whose session lives and who may still read each desk; three statements for all."""
    sessions = _sessions({reader.session_key for reader in readers})
    people = {reader.user_id for reader in readers}
    users = User.objects.filter(is_active=True).exclude(owes_factor()).in_bulk(people)
    welcome = {
        (user_id, desk_id)
        for user_id, desk_id, role in Membership.objects.filter(user__in=people).values_list(
            "user_id", "desk_id", "role"
        )
        if policy.allows(Role(role), Action.READ_WORK)
    }
    return {
        reader
        for reader in readers
        if reader.user_id in users
        and _is_of(sessions.get(reader.session_key, {}), users[reader.user_id])
        and all((reader.user_id, desk) in welcome for desk in reader.desks)
    }


def _sessions(keys: Collection[str]) -> dict[str, dict[str, str]]:
    living = Session.objects.filter(pk__in=keys, expire_date__gt=timezone.now())
    return {session.session_key: session.get_decoded() for session in living}


def _is_of(session: dict[str, str], user: User) -> bool:
    """Whether this person is signed in by this session, with the password of now."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    known = session.get(HASH_SESSION_KEY, "")
    return session.get(SESSION_KEY) == str(user.pk) and any(
        constant_time_compare(known, each) for each in hashes
    )
