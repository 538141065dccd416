"""What templates of the reading room need."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from annotations.text.spans import CONTEXT

register = template.Library()

_CUT_AT_START = re.compile(r"^\S*\s+(?=\S)")  # a script without spaces is not cut in words
_CUT_AT_END = re.compile(r"(?<=\S)\s+\S*$")
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{1,8})*"
)
# As django.utils.html.json_script: what would end the element, or begin another, is written so.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def linked_data_block(nodes: Sequence[dict[str, Any]]) -> SafeString:
    """JSON-LD as a block of data, which no browser runs (https://www.w3.org/TR/json-ld11/#embed)."""
    written = json.dumps(nodes, ensure_ascii=False, cls=DjangoJSONEncoder).translate(_ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(written),  # noqa: S308 - escaped above
    )


@register.filter
def before(prefix: str) -> str:
    """The stored words before a passage, without the one that may be cut; “…” says it goes on."""
    if len(prefix) < CONTEXT:
        return prefix
    words = prefix.lstrip() if prefix[0].isspace() else _CUT_AT_START.sub("", prefix, count=1)
    return f"…{words}"


@register.filter
def after(suffix: str) -> str:
    """The stored words after a passage, likewise."""
    if len(suffix) < CONTEXT:
        return suffix
    words = suffix.rstrip() if suffix[-1].isspace() else _CUT_AT_END.sub("", suffix, count=1)
    return f"{words}…"


@register.filter
def language_tag(language: str) -> str:
    """A well-formed language tag for `lang` (RFC 5646, §2.1, in short), else nothing."""
    return language if _LANGUAGE.fullmatch(language) else ""


@register.filter
def day(on: date) -> str:
    """As `|date:"j M Y"`, which takes ten times as long."""
    return f"{on.day} {on:%b %Y}"


@register.filter
def is_list(value: object) -> bool:
    return isinstance(value, list)
