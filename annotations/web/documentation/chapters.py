"""Which part of the documentation helps on which page."""

from __future__ import annotations

from django.http import HttpRequest

from annotations.web.documentation.documents import CONTENTS, address_of

# By the names of routes; pages that are not named lead to the contents.
CHAPTERS = {
    "home": "guide/first-steps",
    "desk": "guide/first-steps",
    "activity": "guide/first-steps",
    "job": "guide/importing",
    "sources": "guide/importing",
    "source_import": "guide/importing",
    "annotate": "guide/tagging",
    "suggestions": "guide/tag-all",
    "mentions": "guide/comments",
    "review": "guide/reviewing",
    "review_item": "guide/reviewing",
    "releases": "guide/releases",
    "release": "guide/releases",
    "settings": "guide/managing-a-desk",
    "invitations": "accounts#invitations",
    "keys": "api/quick-start",
    "webhooks": "api/webhooks",
    "join": "accounts#invitations",
    "set_up": "operations#the-first-administrator",
    "account_change_password": "accounts#tries-of-a-password",
    "account_email": "accounts#addresses",
    "account_log": "accounts#sessions-and-account-activity",
    "account_profile": "accounts#profile",
    "account_sessions": "accounts#sessions-and-account-activity",
    "mfa_index": "accounts#second-factors",
}
# By how the names of routes begin.
FAMILIES = {
    "account_": "accounts",
    "mfa_": "accounts#second-factors",
    "read": "guide/reading-room",
    "site_": "accounts#administrators",
}


def help_address(request: HttpRequest | None) -> str:
    """The address of the chapter for the page that was asked for, else of the contents."""
    match = request.resolver_match if request else None
    view = (match.url_name if match else None) or ""
    family = next((chapter for start, chapter in FAMILIES.items() if view.startswith(start)), "")
    name, _, anchor = CHAPTERS.get(view, family or CONTENTS).partition("#")
    return address_of(name) + (f"#{anchor}" if anchor else "")
