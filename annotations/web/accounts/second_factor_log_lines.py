"""Lines of the log of accounts for what happens with second factors."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.dispatch import receiver

from annotations.models import AccountEventType, User
from annotations.services.accounts.log import record_account_event

RECOVERY_CODES = Authenticator.Type.RECOVERY_CODES


@receiver(authenticator_added)
def added(user: User, authenticator: Authenticator, **_rest: Any) -> None:
    _record(user, authenticator, AccountEventType.FACTOR_ADDED)


@receiver(authenticator_removed)
def removed(user: User, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type != RECOVERY_CODES:
        _record(user, authenticator, AccountEventType.FACTOR_REMOVED)


@receiver(authenticator_reset)
def made_codes(user: User, **_rest: Any) -> None:
    record_account_event(type=AccountEventType.RECOVERY_CODES_MADE, user=user)


@receiver(authenticator_used)
def used(user: User, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type == RECOVERY_CODES:
        record_account_event(type=AccountEventType.RECOVERY_CODE_USED, user=user)


@receiver(authentication_failed)
def failed(user: User, **_rest: Any) -> None:
    record_account_event(
        type=AccountEventType.SIGN_IN_FAILED, user=user, note="Wrong code of the second factor"
    )


def _record(user: User, authenticator: Authenticator, type: AccountEventType) -> None:
    if authenticator.type == RECOVERY_CODES:
        record_account_event(type=AccountEventType.RECOVERY_CODES_MADE, user=user)
        return
    app = authenticator.type == Authenticator.Type.TOTP
    note = "Authenticator app" if app else str(authenticator.wrap().name)
    record_account_event(type=type, user=user, note=note)
