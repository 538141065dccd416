"""`manage.py password_link EMAIL`: a link for a new password, where no mail server sends one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from annotations.models import User
from annotations.services.accounts.addresses import password_link


class Command(BaseCommand):
    help = "Print a link by which a person sets a new password; it works once, for three days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **_options: Any) -> None:
        user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
        if user is None:
            raise CommandError(f"No open account has the address {email}.")
        self.stdout.write(
            settings.PUBLIC_URL + password_link(user=user, note="At the command line")
        )
