"""Lines of the log of accounts for what Django and allauth do."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from annotations.models import AccountEventType, User
from annotations.services.accounts.log import record_account_event


@receiver(user_logged_in)
def signed_in(user: User, **_rest: Any) -> None:
    record_account_event(type=AccountEventType.SIGNED_IN, user=user)


@receiver(user_logged_out)
def signed_out(user: User | None, **_rest: Any) -> None:
    if user is not None:
        record_account_event(type=AccountEventType.SIGNED_OUT, user=user)


@receiver(user_login_failed)
def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: Any) -> None:
    """What was typed is not kept: it may be a password in the wrong field."""
    if request is not None and isinstance(request.user, User):
        record_account_event(type=AccountEventType.REAUTHENTICATION_FAILED, user=request.user)
        return
    tried = User.objects.filter(email__iexact=str(credentials.get("email", "")).strip()).first()
    record_account_event(type=AccountEventType.SIGN_IN_FAILED, user=tried)


@receiver(password_changed)
@receiver(password_set)
def changed(user: User, **_rest: Any) -> None:
    record_account_event(type=AccountEventType.PASSWORD_CHANGED, user=user)


@receiver(password_reset)
def reset(user: User, **_rest: Any) -> None:
    record_account_event(type=AccountEventType.PASSWORD_RESET, user=user)


@receiver(social_account_added)
def connected(sociallogin: Any, **_rest: Any) -> None:
    name = sociallogin.account.get_provider().name
    record_account_event(type=AccountEventType.IDENTITY_CONNECTED, user=sociallogin.user, note=name)
