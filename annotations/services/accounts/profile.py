"""What people say about themselves and how pages are shown to them."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.conf.locale import LANG_INFO
from django.db import transaction

from annotations.errors import Invalid
from annotations.models import Theme, User
from annotations.services.accounts.names import clean_name

LANGUAGES = {code: info["name_local"] for code, info in LANG_INFO.items() if "name_local" in info}


@transaction.atomic
def change_profile(*, user: User, name: str, language: str, time_zone: str, theme: str) -> User:
    """The person's own, all at once. Raises Invalid."""
    errors: dict[str, list[str]] = {}
    try:
        name = clean_name(name)
    except Invalid as error:
        errors |= error.errors
    if language and language not in LANGUAGES:
        errors["language"] = ["Choose one of the languages."]
    if time_zone and time_zone not in available_timezones():
        errors["time_zone"] = ["Choose one of the time zones."]
    if theme not in Theme.values:
        errors["theme"] = ["Choose one of the themes."]
    if errors:
        raise Invalid(errors)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.name, user.language, user.time_zone, user.theme = name, language, time_zone, theme
    user.save(update_fields=["name", "language", "time_zone", "theme"])
    return user


def choose_theme(*, user: User, theme: str) -> None:
    """Raises Invalid."""
    if theme not in Theme.values:
        raise Invalid({"theme": ["Choose one of the themes."]})
    User.objects.filter(pk=user.pk).update(theme=theme)
