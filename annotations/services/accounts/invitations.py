"""Inviting people, and accepting: with an account that is there, or with a new one."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, Invalid, NotFound, Refused
from annotations.models import (
    AccountEventType,
    Desk,
    EventType,
    Invitation,
    Membership,
    Role,
    User,
)
from annotations.models.invitations import LONGEST_LIFE, MOST_USES
from annotations.policy import Action
from annotations.queries.accounts.invitations import ENDED, is_for, open_invitations, token_hash
from annotations.services.accounts.addresses import confirm_address
from annotations.services.accounts.log import record_account_event
from annotations.services.accounts.names import clean_name
from annotations.services.ledger import record

MOST_OPEN = 100  # invitations of one person
HAS_ACCOUNT = "There is an account with this address already. Sign in with it to accept."


@transaction.atomic
def invite(
    *,
    desk: Desk | None,
    by: User,
    role: Role | None,
    email: str = "",
    most: int = 1,
    lives: timedelta = timedelta(days=7),
    by_mail: bool = False,
) -> tuple[Invitation, str]:
    """An invitation and its token, which is not kept.

    To a desk, by its manager; without a desk, by an administrator. With `by_mail` the token must
    reach nobody but the address: an account that is made with it has a confirmed address.
    Raises Invalid, Refused, NotFound, Conflict when too many are open.
    """
    _require(by, desk)
    email = email.strip().lower()
    errors = _errors(desk, role, email, most, lives)
    if errors:
        raise Invalid(errors)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if open_invitations().filter(invited_by=by).count() >= MOST_OPEN:
        raise Conflict(f"You have {MOST_OPEN} open invitations. Revoke some of them first.")
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation = Invitation.objects.create(
        desk=desk,
        role=role or "",
        email=email,
        was_mailed=by_mail and bool(email),
        sha256=token_hash(token),
        most=1 if email else most,
        invited_by=by,
        created_at=now,
        expires_at=now + lives,
    )
    _record(invitation, EventType.INVITATION_MADE, by)
    return invitation, token


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Its link ends at once; who has accepted stays. Revoking twice changes nothing."""
    _require(by, invitation.desk)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.revoked_at is None:
        _revoke(locked, by)
    return locked


def revoke_invitations(which: QuerySet[Invitation], *, by: User) -> None:
    """All of these that are open; part of a larger change, whose policy has been asked."""
    for invitation in which.select_for_update(of=("self",)).order_by("desk", "id"):
        _revoke(invitation, by)


@transaction.atomic
def accept(*, token: str, by: User) -> Desk:
    """Join the desk with the account that is signed in, which never lowers a role.

    Raises NotFound, Refused when the invitation is for another address, Conflict for members.
    """
    invitation = _locked(token)
    if not is_for(invitation, by):
        raise Refused(f"This invitation is for {invitation.email}.")
    if invitation.desk is None:
        raise Conflict("You have an account already, and this invitation gives no more than one.")
    current = Membership.objects.select_for_update().filter(desk=invitation.desk, user=by).first()
    if current and Role(current.role).rank >= Role(invitation.role).rank:
        role = Role(current.role).label.lower()
        raise Conflict(f"You are {role} of this desk already. The invitation was not used.")
    if invitation.was_mailed:
        confirm_address(user=by)
    _join(invitation, by)
    return invitation.desk


@transaction.atomic
def accept_with_new_account(
    *, token: str, name: str, email: str, password: str
) -> tuple[Invitation, User]:
    """Make an account and join the desk with it.

    The address is that of the invitation, if it has one, and confirmed only if the token went to
    it by mail. Raises NotFound, Invalid.
    """
    invitation = _locked(token)
    user = make_account(
        name=name,
        email=invitation.email or email,
        password=password,
        is_confirmed=invitation.was_mailed,
    )
    _join(invitation, user)
    return invitation, user


@transaction.atomic
def make_account(
    *, name: str, email: str, password: str, is_confirmed: bool, is_administrator: bool = False
) -> User:
    """An account with its address; no policy is asked. Raises Invalid."""
    errors: dict[str, list[str]] = {}
    try:
        name = clean_name(name)
    except Invalid as error:
        errors |= error.errors
    email = email.strip().lower()
    user = User(name=name, email=email, email_confirmed=is_confirmed, is_staff=is_administrator)
    if not _is_address(email):
        errors["email"] = ["Enter a valid email address."]
    elif _is_taken(email):
        errors["email"] = [HAS_ACCOUNT]
    try:
        validate_password(password, user)
    except ValidationError as error:
        errors["password"] = list(error.messages)
    if errors:
        raise Invalid(errors)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Invalid({"email": [HAS_ACCOUNT]}) from error
    record_account_event(type=AccountEventType.ACCOUNT_MADE, user=user)
    return user


def _require(by: User, desk: Desk | None) -> None:
    if desk is None:
        policy.require_administrator(by)
    else:
        policy.require(by, desk, Action.MANAGE)


def _errors(
    desk: Desk | None, role: Role | None, email: str, most: int, lives: timedelta
) -> dict[str, list[str]]:
    errors = {}
    if (desk is None) != (role is None):
        errors["role"] = ["Choose the role that the invitation gives."]
    if email and not _is_address(email):
        errors["email"] = ["Enter a valid email address."]
    elif email and _is_member(desk, email):
        errors["email"] = ["A person with this address is a member of the desk already."]
    elif email and desk is None and _is_taken(email):
        errors["email"] = ["There is an account with this address already."]
    if not email and not 1 <= most <= MOST_USES:
        errors["most"] = [f"A link may be used by 1 to {MOST_USES} people."]
    if not timedelta(0) < lives <= LONGEST_LIFE:
        errors["lives"] = [f"An invitation lasts at most {LONGEST_LIFE.days} days."]
    return errors


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254 and email.isascii()


def _is_taken(email: str) -> bool:
    return User.objects.filter(email__iexact=email).exists()


def _is_member(desk: Desk | None, email: str) -> bool:
    return desk is not None and (
        Membership.objects.filter(desk=desk, user__email__iexact=email).exists()
    )


def _locked(token: str) -> Invitation:
    """Under a lock, so that two people cannot both have its last use. Raises NotFound."""
    invitation = (
        open_invitations()
        .select_for_update(of=("self",))
        .select_related("desk", "invited_by")
        .filter(sha256=token_hash(token))
        .first()
    )
    if invitation is None:
        raise NotFound(ENDED)
    return invitation


def _join(invitation: Invitation, user: User) -> None:
    if invitation.desk is not None and invitation.desk.closed_at is not None:
        raise Conflict(f"The desk {invitation.desk} is closed and takes no new members.")
    invitation.used += 1
    invitation.save(update_fields=["used"])
    note = f"{Role(invitation.role).label} of {invitation.desk}" if invitation.desk else ""
    record_account_event(type=AccountEventType.INVITATION_ACCEPTED, user=user, note=note)
    if invitation.desk is not None:
        Membership.objects.update_or_create(
            desk=invitation.desk, user=user, defaults={"role": invitation.role}
        )
    _record(invitation, EventType.INVITATION_ACCEPTED, user)


def _revoke(invitation: Invitation, by: User) -> None:
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    _record(invitation, EventType.INVITATION_REVOKED, by)


def _record(invitation: Invitation, type: EventType, by: User) -> None:
    """All members read the ledger, so it names no address."""
    if invitation.desk is None or invitation.desk.closed_at is not None:
        return
    role = Role(invitation.role).label.lower()
    way = "by email address" if invitation.email else "by a link"
    if invitation.most > 1:
        way += f" for up to {invitation.most} people"
    record(desk=invitation.desk, type=type, actor=by, note=f"{role} {way}")
