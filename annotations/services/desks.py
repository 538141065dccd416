"""Desks, their members and their codebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from annotations import policy
from annotations.errors import Conflict, Invalid
from annotations.models import (
    AccountEventType,
    Codebook,
    Desk,
    EventType,
    FieldDefinition,
    Label,
    Ledger,
    Membership,
    Role,
    User,
)
from annotations.policy import Action
from annotations.queries.accounts.invitations import open_invitations
from annotations.services.accounts.invitations import revoke_invitations
from annotations.services.accounts.log import record_account_event
from annotations.services.keys import revoke_keys_of_member
from annotations.services.ledger import record
from annotations.text.lines import as_line

LONGEST_NAME = 120  # code points


@transaction.atomic
def create_desk(
    *, slug: str, name: str, manager: User, codebook: Mapping[str, Any], is_public: bool = False
) -> Desk:
    """A desk with its first manager and codebook (in the shape of `seeds/**/codebook.toml`).

    Raises Invalid.
    """
    name = as_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            {"name": [f"Give the desk a name: one line of up to {LONGEST_NAME} characters."]}
        )
    if Desk.objects.filter(slug=slug).exists():
        raise Invalid({"slug": ["There is a desk of this name already."]})
    desk = Desk.objects.create(slug=slug, name=name, is_public=is_public)
    Ledger.objects.create(desk=desk)
    Membership.objects.create(desk=desk, user=manager, role=Role.MANAGER)
    _write_codebook(desk, codebook)
    _log_role(user=manager, by=manager, note=f"{Role.MANAGER.label} of {desk}")
    record(desk=desk, type=EventType.DESK_CHANGED, actor=manager, note="created")
    return desk


@transaction.atomic
def set_member(*, desk: Desk, by: User, user: User, role: Role) -> Membership:
    """Make the person a member, or change their role. Raises Conflict for the last manager."""
    policy.require(by, desk, Action.MANAGE)
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise Conflict(f"The account of {user} is closed.")
    if role != Role.MANAGER:
        _leave_a_manager(desk, without=user)
        revoke_invitations(open_invitations().filter(desk=desk, invited_by=user), by=by)
    membership, _ = Membership.objects.update_or_create(
        desk=desk, user=user, defaults={"role": role}
    )
    _log_role(user=user, by=by, note=f"{role.label} of {desk}")
    record(desk=desk, type=EventType.DESK_CHANGED, actor=by, note=f"{user} is {role.label.lower()}")
    return membership


@transaction.atomic
def remove_member(*, desk: Desk, by: User, user: User) -> None:
    """End the membership, and with it the person's keys of this desk; work stays.

    The keys stay dead when the person returns. On a closed desk too, where the account log alone
    records it: the ledger of a closed desk stays as it is.

    Invitations by which the person could come back end too: theirs, and all links of the desk.
    Removing who is no member changes nothing. Raises Conflict for the last manager.
    """
    policy.require(by, desk, Action.REMOVE_MEMBERS)
    _leave_a_manager(desk, without=user)
    revoke_keys_of_member(desk=desk, user=user, by=by)
    removed, _ = Membership.objects.filter(desk=desk, user=user).delete()
    if removed:
        _log_role(user=user, by=by, note=f"No longer a member of {desk}")
        ways_back = Q(email="") | Q(email__iexact=user.email) | Q(invited_by=user)
        revoke_invitations(open_invitations().filter(ways_back, desk=desk), by=by)
        if desk.closed_at is None:
            note = f"{user} is no longer a member"
            record(desk=desk, type=EventType.DESK_CHANGED, actor=by, note=note)


@transaction.atomic
def set_authors_may_approve(*, desk: Desk, by: User, allowed: bool) -> Desk:
    """The switch for one-person desks."""
    policy.require(by, desk, Action.MANAGE)
    desk.authors_may_approve = allowed
    desk.save(update_fields=["authors_may_approve"])
    note = f"authors may {'' if allowed else 'not '}approve their own versions"
    record(desk=desk, type=EventType.DESK_CHANGED, actor=by, note=note)
    return desk


@transaction.atomic
def set_public(*, desk: Desk, by: User, public: bool) -> Desk:
    """Whether anyone may read what the desk approved."""
    policy.require(by, desk, Action.MANAGE)
    desk.is_public = public
    desk.save(update_fields=["is_public"])
    note = "the desk is public" if public else "the desk is not public"
    record(desk=desk, type=EventType.DESK_CHANGED, actor=by, note=note)
    return desk


def _log_role(*, user: User, by: User, note: str) -> None:
    record_account_event(type=AccountEventType.ROLE_CHANGED, user=user, by=by, note=note)


def _leave_a_manager(desk: Desk, *, without: User) -> None:
    """Locks the managers, so that two of them cannot both go at once. Raises Conflict."""
    managers = Membership.objects.filter(desk=desk, role=Role.MANAGER).order_by("pk")
    rows = list(managers.select_for_update(no_key=True))
    # Read anew, under the lock: an account may have been closed meanwhile.
    left = managers.filter(user__is_active=True).exclude(user=without)
    if without.id in {each.user_id for each in rows} and not left.exists():
        raise Conflict("A desk needs a manager. Make another member a manager first.")


def _write_codebook(desk: Desk, definition: Mapping[str, Any]) -> Codebook:
    codebook = Codebook.objects.create(
        desk=desk, version=1, guidelines=definition.get("guidelines", "")
    )
    kinds = definition["kinds"].items()
    Label.objects.bulk_create(
        Label(codebook=codebook, kind=kind, position=position, **label)
        for kind, parts in kinds
        for position, label in enumerate(parts["labels"])
    )
    FieldDefinition.objects.bulk_create(
        FieldDefinition(codebook=codebook, kind=kind, position=position, **field)
        for kind, parts in kinds
        for position, field in enumerate(parts["fields"])
    )
    return codebook
