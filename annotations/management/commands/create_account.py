"""`manage.py create_account EMAIL NAME`: an account for a person, who then signs in by e-mail."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from annotations.errors import Invalid
from annotations.models import User
from annotations.services.accounts.addresses import create_account
from annotations.services.accounts.names import clean_name


class Command(BaseCommand):
    help = "Make an account. Asks for the password, or reads it from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help="as colleagues and readers see it")

    def handle(self, *, email: str, name: str, **_options: Any) -> None:
        if User.objects.filter(email__iexact=email.strip()).exists():
            raise CommandError(f"{email} has an account already.")
        try:
            name = clean_name(name)
        except Invalid as error:
            raise CommandError(error.sentence) from error
        user = User(email=email.strip().lower(), name=name)
        try:
            user.full_clean(exclude=["password"])
            password = _read_password()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user = create_account(email=email, name=name, password=password)
        self.stdout.write(f"{user.email} can sign in.")


def _read_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass()
    if getpass("Password (again): ") != password:
        raise CommandError("The two passwords differ.")
    return password
