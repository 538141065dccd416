"""`manage.py verify_release FOLDER… | ADDRESS`: what `bin/verify` does."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.verification import report


class Command(BaseCommand):
    help = "Check the hashes, the chain and the spans of downloaded releases."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("places", nargs="+", metavar="FOLDER or ADDRESS")
        parser.add_argument("--key", default="", help="a key of the desk, when it is not public")

    def handle(self, *, places: list[str], key: str, **_options: Any) -> None:
        said, good = report(places, key)
        if not good:
            raise CommandError(said)
        self.stdout.write(said)
