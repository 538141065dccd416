"""`manage.py load_seeds --demo | --manager EMAIL`: the sample corpus on a desk of its own."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from annotations.management.corpus import Team, load_corpus
from annotations.management.demo import load_demo
from annotations.models import User


class Command(BaseCommand):
    help = "Load the sample corpus of seeds/ unless it is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument(
            "--demo", action="store_true", help="with four users and keys, listed in demo.json"
        )
        chosen.add_argument("--manager", help="e-mail address of the account that gets the desk")

    def handle(self, *, demo: bool = False, manager: str | None = None, **_options: Any) -> None:
        if demo:
            if settings.PRODUCTION:
                raise CommandError("Production has no demo users: name an account by --manager.")
            load_demo()
            return
        try:
            user = User.objects.filter(email_confirmed=True).get(email__iexact=manager)
        except User.DoesNotExist as error:
            raise CommandError(
                f"{manager} has no account whose address is confirmed: make one by manage.py"
                " create_account, or confirm the address by manage.py confirm_address."
            ) from error
        load_corpus(Team(manager=user, editor=user, second_editor=user))
