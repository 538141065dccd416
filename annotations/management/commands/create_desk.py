"""`manage.py create_desk SLUG NAME --manager EMAIL`: a desk, its first manager and its codebook."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from annotations.errors import DomainError
from annotations.management.corpus import FOLDER
from annotations.models import User
from annotations.services.desks import create_desk

CODEBOOK = FOLDER / "codebook.toml"


class Command(BaseCommand):
    help = (
        "Create a desk. Its manager, who must have an account, adds the other members on its page."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="names the desk in addresses, for instance caucasus")
        parser.add_argument("name", help="as people see it, for instance 'Caucasus desk'")
        parser.add_argument("--manager", required=True, help="e-mail address of an account")
        parser.add_argument("--codebook", type=Path, default=CODEBOOK, help="a TOML file")
        parser.add_argument("--public", action="store_true", help="what it approves needs no key")

    def handle(self, *, slug: str, name: str, **options: Any) -> None:
        manager, codebook = options["manager"], options["codebook"]
        try:
            user = User.objects.filter(email_confirmed=True).get(email__iexact=manager)
            definition = tomllib.loads(codebook.read_text(encoding="utf-8"))
            create_desk(
                slug=slug, name=name, manager=user, codebook=definition, is_public=options["public"]
            )
        except User.DoesNotExist as error:
            raise CommandError(
                f"{manager} has no account whose address is confirmed: make one by manage.py"
                " create_account, or confirm the address by manage.py confirm_address."
            ) from error
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise CommandError(f"Cannot read the codebook {codebook}: {error}") from error
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"{settings.PUBLIC_URL}/desks/{slug}/ is ready.")
