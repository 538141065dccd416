"""`manage.py make_administrator EMAIL`: let an account that is there administer the site."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.errors import DomainError
from annotations.models import User
from annotations.services.accounts.administration import set_administrator


class Command(BaseCommand):
    help = "Let an account administer the site, or end that by --no."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--no", action="store_true", help="no longer an administrator")

    def handle(self, *, email: str, no: bool, **_options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(email)
            set_administrator(user=user, by=None, wanted=not no)
        except User.DoesNotExist as error:
            raise CommandError(f"{email} has no account.") from error
        except DomainError as error:
            raise CommandError(error.sentence) from error
        said = "no longer administers" if no else "administers"
        self.stdout.write(f"{user.email} {said} this site.")
