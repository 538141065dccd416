"""`manage.py set_up`: the link by which the first administrator makes an account."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from annotations.services.accounts.set_up import offer_set_up


class Command(BaseCommand):
    help = "Print a new link for the first administrator, while the site has no account."

    def handle(self, **_options: Any) -> None:
        link = offer_set_up()
        self.stdout.write(
            f"Make the first administrator at {link} within 24 hours."
            if link
            else "This site is set up: it has an account."
        )
