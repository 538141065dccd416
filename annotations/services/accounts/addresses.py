"""Accounts: made, and their addresses changed and confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse

from annotations.errors import Conflict, Invalid
from annotations.models import AccountEventType, User
from annotations.services.accounts.log import record_account_event
from annotations.services.accounts.names import clean_name

Result = TypeVar("Result")

LONGEST_ADDRESS = 254  # characters
TAKEN = "Another account has this address already."


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str,
    password: str | None = None,
    email_confirmed: bool = True,
    by: User | None = None,
    note: str = "",
) -> User:
    """An account, whose address counts from the start if it is proved or somebody vouches for it.

    Without a password it is for single sign-on, or gets one by a link. Raises Invalid, Conflict.
    """
    address, name = clean_address(email), clean_name(name)
    user = _unless_taken(
        lambda: User.objects.create_user(
            address, password, name=name, email_confirmed=email_confirmed
        )
    )
    record_account_event(type=AccountEventType.ACCOUNT_MADE, user=user, by=by, note=note or address)
    return user


@transaction.atomic
def change_address(*, user: User, address: str, by: User | None = None) -> User:
    """Give the account another address, which its owner proved or `by` vouches for.

    Raises Invalid, Conflict when another account has it.
    """
    address = clean_address(address)
    user = User.objects.select_for_update().get(id=user.id)
    before = user.email
    if address == before:
        return confirm_address(user=user, by=by)
    user.email = address
    _unless_taken(lambda: user.save(update_fields=["email"]))  # makes it unconfirmed
    _confirm(user)
    record_account_event(
        type=AccountEventType.ADDRESS_CHANGED, user=user, by=by, note=f"From {before} to {address}"
    )
    return user


@transaction.atomic
def confirm_address(*, user: User, by: User | None = None) -> User:
    """The present address counts from now on: its owner proved it, or `by` vouches for it."""
    user = User.objects.select_for_update().get(id=user.id)
    if not user.email_confirmed:
        _confirm(user)
        record_account_event(
            type=AccountEventType.ADDRESS_CONFIRMED, user=user, by=by, note=user.email
        )
    return user


@transaction.atomic
def password_link(*, user: User, by: User | None = None, note: str = "") -> str:
    """The path at which the person sets a new password, once and within three days.

    To be passed on by hand where no mail server sends it. Raises Conflict for closed accounts.
    """
    if not user.is_active:
        raise Conflict("This account is closed.")
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    record_account_event(
        type=AccountEventType.PASSWORD_RESET_SENT, user=user, by=by, note=note or "A link to copy"
    )
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])


def clean_address(written: str) -> str:
    """In small letters, ASCII alone: other letters could be taken for those. Raises Invalid."""
    address = written.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid({"email": list(error.messages)}) from error
    if not address.isascii() or len(address) > LONGEST_ADDRESS:
        raise Invalid({"email": ["Write the address in ASCII letters, up to 254 characters."]})
    return address.lower()


def _confirm(user: User) -> None:
    user.email_confirmed = True
    user.save(update_fields=["email_confirmed"])


def _unless_taken(write: Callable[[], Result]) -> Result:
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        if "one_user_per_email" not in str(error):
            raise
        raise Conflict(TAKEN) from error
