"""Closing an account, by its owner or an administrator, and opening it again.

What the person did keeps their name. Keys, sessions, live streams and open invitations end at once;
keys and sessions stay dead when the account is opened again.
"""

from __future__ import annotations

from collections.abc import Sequence

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict
from annotations.models import AccountEventType, Desk, EventType, Membership, Role, User
from annotations.queries.accounts.closing import desks_without_another_manager
from annotations.queries.accounts.invitations import open_invitations
from annotations.services.accounts.administration import leave_an_administrator
from annotations.services.accounts.invitations import revoke_invitations
from annotations.services.accounts.log import record_account_event
from annotations.services.keys import revoke_all_keys
from annotations.services.ledger import record


@transaction.atomic
def close_account(*, user: User, by: User) -> User:
    """The person's own, or by an administrator. Closing twice changes nothing.

    Raises Refused; Conflict for the last administrator and for the last manager of a desk, who
    hand over first.
    """
    if by != user:
        policy.require_administrator(by)
    leave_an_administrator(without=user)  # also of who seems to be none: that may have changed
    if by != user:
        policy.require_administrator(User.objects.get(pk=by.pk))
    _hand_over(user)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        return user
    revoke_all_keys(user=user)
    revoke_invitations(open_invitations().filter(invited_by=user), by=by)
    UserSession.objects.filter(user=user).delete()
    user.is_active, user.is_staff, user.closed_at = False, False, timezone.now()
    user.sign_outs += 1
    user.save(update_fields=["is_active", "is_staff", "closed_at", "sign_outs"])
    record_account_event(type=AccountEventType.ACCOUNT_CLOSED, user=user, by=by)
    for desk in Desk.objects.filter(memberships__user=user, closed_at=None).order_by("pk"):
        note = f"the account of {user} is closed"
        record(desk=desk, type=EventType.DESK_CHANGED, actor=by, note=note)
    return user


@transaction.atomic
def reopen_account(*, user: User, by: User) -> User:
    """By an administrator; the person signs in and is on desks as before. Raises Refused."""
    policy.require_administrator(by)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        user.is_active, user.closed_at = True, None
        user.save(update_fields=["is_active", "closed_at"])
        record_account_event(type=AccountEventType.ACCOUNT_REOPENED, user=user, by=by)
    return user


def _hand_over(user: User) -> None:
    """Locks the managers of the person's desks, as changes of roles do. Raises Conflict."""
    mine = Membership.objects.filter(user=user, role=Role.MANAGER).values("desk")
    managers = Membership.objects.filter(desk__in=mine, role=Role.MANAGER).order_by("pk")
    list(managers.select_for_update(no_key=True, of=("self",)))
    alone = desks_without_another_manager(user)
    if alone:
        raise Conflict(f"{_named(alone)} has no other manager. Make another member one first.")


def _named(desks: Sequence[Desk]) -> str:
    more = f" (and {len(desks) - 1} more)" if len(desks) > 1 else ""
    return f"The desk “{desks[0]}”{more}"
