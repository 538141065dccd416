"""The first administrator of a site that has no account yet.

The link to do it is told to the person who starts the site (in its log), so that no stranger who
is quicker gets it. Each start, and `manage.py set_up`, makes a new link and ends the one before.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from annotations.errors import NotFound
from annotations.models import SetUp, User
from annotations.queries.accounts.invitations import token_hash
from annotations.services.accounts.invitations import make_account

LIVES = timedelta(hours=24)
IS_OVER = (
    "This set-up link has been used, replaced or has expired. While the site has no account, a "
    "restart or manage.py set_up makes a new one."
)


@transaction.atomic
def offer_set_up() -> str | None:
    """A new link for the first administrator; None when there is an account."""
    if User.objects.exists():
        return None
    token = secrets.token_urlsafe(32)
    SetUp.objects.update_or_create(
        id=1, defaults={"sha256": token_hash(token), "expires_at": timezone.now() + LIVES}
    )
    return settings.PUBLIC_URL + reverse("set_up", args=[token])


def check_set_up(token: str) -> None:
    """Raises NotFound unless the first account may be made with this token."""
    _check(SetUp.objects.filter(id=1).first(), token)


@transaction.atomic
def set_up(*, token: str, name: str, email: str, password: str) -> User:
    """The first account, an administrator; the link ends. Raises NotFound, Invalid.

    The address counts as confirmed, as for accounts that are made at the command line: the person
    who reads the log runs the site.
    """
    # The lock lets the second of two who hold the same link find that it is used.
    link = SetUp.objects.select_for_update().filter(id=1).first()
    _check(link, token)
    user = make_account(
        name=name, email=email, password=password, is_confirmed=True, is_administrator=True
    )
    SetUp.objects.all().delete()
    return user


def _check(link: SetUp | None, token: str) -> None:
    if (
        link is None
        or link.expires_at <= timezone.now()
        or not hmac.compare_digest(link.sha256, token_hash(token))
        or User.objects.exists()
    ):
        raise NotFound(IS_OVER)
