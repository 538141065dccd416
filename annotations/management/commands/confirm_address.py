"""`manage.py confirm_address EMAIL [NEW]`: vouch for an account's address, or give it another."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.errors import DomainError
from annotations.models import User
from annotations.services.accounts.addresses import change_address, confirm_address


class Command(BaseCommand):
    help = "Confirm the address of an account, or give the account another, confirmed one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the account's present address")
        parser.add_argument("new", nargs="?", default="", help="its address from now on")

    def handle(self, *, email: str, new: str, **_options: Any) -> None:
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise CommandError(f"No account has the address {email}.")
        try:
            user = change_address(user=user, address=new) if new else confirm_address(user=user)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"{user.email} is confirmed for {user}.")
