"""`manage.py password_link EMAIL`: a link for a new password, where no mail server sends one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from annotations.models import AccountEventType, User
from annotations.services.account_log import record_account_event


class Command(BaseCommand):
    help = "Print a link by which a person sets a new password; it works once, for three days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **_options: Any) -> None:
        user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
        if user is None:
            raise CommandError(f"No open account has the address {email}.")
        token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
        path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
        record_account_event(
            type=AccountEventType.PASSWORD_RESET_SENT, user=user, note="At the command line"
        )
        self.stdout.write(f"{settings.PUBLIC_URL}{path}")
