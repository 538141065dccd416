"""How people get accounts: somebody who runs the site makes them, unless sign-up is opened."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Closed unless the setting ACCOUNT_SIGNUP_OPEN is true."""
        return bool(getattr(settings, "ACCOUNT_SIGNUP_OPEN", False))
