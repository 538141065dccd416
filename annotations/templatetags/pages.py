"""What templates of all pages need: the desk's navigation, times, sizes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.conf import settings
from django.template import Context
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from annotations import policy
from annotations.models import Desk, Role, User
from annotations.policy import Action
from annotations.queries.annotations.work import review_queue
from annotations.queries.comments import unseen_mentions
from annotations.queries.counting import MOST_COUNTED, count_some
from annotations.queries.suggestions import suggestions_on
from annotations.services.accounts.mailing import mail_server_is_set
from annotations.web.accounts.second_factors import passkeys_work
from annotations.web.documentation.chapters import help_address

register = template.Library()

# The first that a User-Agent contains, since most name older ones too.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


NO_ID = str(UUID(int=0))


@dataclass(frozen=True)
class Entry:
    """One link of the navigation; `views` are the names of the pages it leads to."""

    title: str
    url: str
    current: bool
    count: int = 0


@register.inclusion_tag("_navigation.html", takes_context=True)
def desk_navigation(context: Context) -> dict[str, Any]:
    """The desk's pages that this role may open; needs `desk` and `role` in the context."""
    desk: Desk = context["desk"]
    request = context["request"]
    view: str = context.get("nav_view") or (
        request.resolver_match.url_name if request.resolver_match else ""
    )
    return {"desk": desk, "entries": _entries(desk, context["role"], request.user, view)}


@register.simple_tag(takes_context=True)
def help_url(context: Context) -> str:
    """The chapter of the documentation for this page."""
    return help_address(context.get("request"))


@register.simple_tag(takes_context=True)
def passkeys(context: Context) -> bool:
    """Whether browsers can use passkeys under this address."""
    return passkeys_work(context["request"])


@register.simple_tag
def single_sign_on() -> str:
    """The name of the provider by which people may sign in; "" if there is none."""
    return settings.SINGLE_SIGN_ON.name if settings.SINGLE_SIGN_ON else ""


@register.simple_tag
def mail_server() -> bool:
    """Whether this site sends mail."""
    return mail_server_is_set()


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> SafeString | str:
    """A time in the zone of the reader's profile, else as UTC text.

    js/times/times.js writes it again in the language of the profile, and where the profile names
    no zone in that of the browser.
    """
    if at is None:
        return ""
    local = at.astimezone(_zone_of(context.get("user")))
    return format_html(
        '<time datetime="{}">{}</time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        f"{local.day} {local:%b %Y, %H:%M} {local:%Z}",
    )


@register.simple_tag(takes_context=True)
def reader_attributes(context: Context) -> SafeString:
    """What scripts and styles have to know of a signed-in reader's profile."""
    user = context.get("user")
    if not isinstance(user, User):
        return SafeString("")
    named = {
        "data-theme": user.theme,
        "data-language": user.language,
        "data-time-zone": user.time_zone,
        "data-account": str(user.pk),
    }
    return format_html_join("", ' {}="{}"', ((k, v) for k, v in named.items() if v))


def _zone_of(user: object) -> tzinfo:
    """UTC where the profile names none, or one that this machine no longer knows."""
    if not isinstance(user, User) or not user.time_zone:
        return UTC
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@register.simple_tag
def address(name: str, slug: str, id: UUID | str) -> str:
    """As `{% url name slug id %}` for an id that is a UUID: of many rows one is reversed."""
    return _address_without_id(name, slug).replace(NO_ID, str(id))


@lru_cache(maxsize=1024)
def _address_without_id(name: str, slug: str) -> str:
    return reverse(name, args=[slug, NO_ID])


@register.filter
def shortened(text: str, most: int) -> str:
    """As `truncatechars`, which counts the characters of a short text too."""
    return text if len(text) <= most else truncatechars(text, most)


@register.filter
def may(role: Role | None, action: str) -> bool:
    """`{% if role|may:"IMPORT" %}`, with the name of an Action."""
    return policy.allows(role, Action[action])


@register.filter
def device(user_agent: str) -> str:
    """“Firefox on Linux” for its User-Agent; what is not known by name as it is, cut short."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or user_agent[:60] or "Unknown device"


@register.filter
def grouped(number: int | None) -> str:
    """1234567 as 1,234,567."""
    return f"{number or 0:,}"


@register.filter
def counted(number: int | None) -> str:
    """As `grouped`; "999+" for a count that stopped there."""
    return f"{MOST_COUNTED - 1:,}+" if (number or 0) >= MOST_COUNTED else f"{number or 0:,}"


def _entries(desk: Desk, role: Role, user: User, view: str) -> list[Entry]:
    def entry(title: str, *views: str, count: int = 0) -> Entry:
        return Entry(title, reverse(views[0], args=[desk.slug]), view in views, count)

    entries = [
        entry("Overview", "desk"),
        entry("Sources", "sources", "source_import", "annotate"),
        entry("Review", "review", "review_item", count=count_some(review_queue(desk))),
        entry("Suggestions", "suggestions", count=count_some(suggestions_on(desk))),
        entry("Mentions", "mentions", count=count_some(unseen_mentions(desk, user))),
        entry("Releases", "releases", "release"),
        entry("Activity", "activity"),
    ]
    if desk.closed_at is not None:  # `role` is that of a reader there
        role = policy.role_on(desk, user) or role
    if policy.allows(role, Action.MANAGE):
        entries.append(entry("Settings", "settings", "invitations", "keys", "webhooks"))
    elif policy.allows(role, Action.MAKE_KEYS):
        entries.append(entry("Keys", "keys"))
    return entries
