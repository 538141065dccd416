"""What administrators of the site do: with people and with desks, never with a desk's content."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, Invalid
from annotations.models import AccountEventType, Desk, EventType, User
from annotations.services.accounts.addresses import change_address, confirm_address, password_link
from annotations.services.accounts.log import record_account_event
from annotations.services.accounts.mailing import mail_server_is_set
from annotations.services.desks import create_desk
from annotations.services.ledger import record

NO_MANAGER = "There is no account with this address, confirmed. Send an invitation first."
LAST_ADMINISTRATOR = "The site needs an administrator. Make another person one first."


@transaction.atomic
def set_administrator(*, user: User, by: User | None, wanted: bool) -> User:
    """Let the person administer the site, or end that; `by` is None at the command line.

    Raises Refused, Conflict for the last administrator and for a closed account.
    """
    if by is not None:
        policy.require_administrator(by)
    if not wanted:
        leave_an_administrator(without=user)
        if by is not None:
            policy.require_administrator(User.objects.get(pk=by.pk))
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if wanted and not user.is_active:
        raise Conflict("This account is closed.")
    if user.is_staff != wanted:
        user.is_staff = wanted
        user.save(update_fields=["is_staff"])
        note = "Administrator of this site" if wanted else "No longer administrator of this site"
        record_account_event(
            type=AccountEventType.ADMINISTRATOR_CHANGED, user=user, by=by, note=note
        )
    return user


def leave_an_administrator(*, without: User) -> None:
    """Locks the administrators, so that two cannot both go at once. Raises Conflict."""
    administrators = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    if [each.pk for each in administrators.select_for_update(no_key=True)] == [without.pk]:
        raise Conflict(LAST_ADMINISTRATOR)


@transaction.atomic
def vouch_for_address(*, user: User, by: User, address: str = "") -> User:
    """Confirm the account's address, or give it another one that counts.

    For sites without a mail server, and for people who have lost their mailbox. Raises Refused,
    Invalid, Conflict.
    """
    policy.require_administrator(by)
    if address:
        return change_address(user=user, address=address, by=by)
    return confirm_address(user=user, by=by)


def password_link_for(*, user: User, by: User) -> str:
    """A path for a new password, to be passed on. Raises Refused, Conflict.

    Only without a mail server: with one people ask for it themselves, and nobody else sees it.
    """
    policy.require_administrator(by)
    if mail_server_is_set():
        raise Conflict("This site sends mail: the person asks for a link on the sign-in page.")
    return password_link(user=user, by=by)


@transaction.atomic
def open_desk(*, by: User, slug: str, name: str, manager: str, is_public: bool) -> Desk:
    """A desk with the standard codebook; `manager` is the address of an account.

    Raises Refused, Invalid.
    """
    policy.require_administrator(by)
    user = User.objects.by_address(manager)
    if user is None or not user.is_active:
        raise Invalid({"manager": [NO_MANAGER]})
    desk = create_desk(
        slug=slug, name=name, manager=user, codebook=standard_codebook(), is_public=is_public
    )
    record(desk=desk, type=EventType.DESK_CHANGED, actor=by, note=f"the first manager is {user}")
    return desk


@transaction.atomic
def close_desk(*, desk: Desk, by: User) -> Desk:
    """Nothing on it changes any more; members go on reading it. Closing twice changes nothing."""
    desk = _locked(desk, by)
    if desk.closed_at is None:
        record(desk=desk, type=EventType.DESK_CHANGED, actor=by, note="the desk is closed")
        desk.closed_at = timezone.now()
        desk.save(update_fields=["closed_at"])
    return desk


@transaction.atomic
def reopen_desk(*, desk: Desk, by: User) -> Desk:
    desk = _locked(desk, by)
    if desk.closed_at is not None:
        desk.closed_at = None
        desk.save(update_fields=["closed_at"])
        record(desk=desk, type=EventType.DESK_CHANGED, actor=by, note="the desk is open again")
    return desk


@cache
def standard_codebook() -> dict[str, Any]:
    """What new desks tag with."""
    path = settings.BASE_DIR / "seeds" / "turkey-azerbaijan" / "codebook.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _locked(desk: Desk, by: User) -> Desk:
    policy.require_administrator(by)
    return Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
