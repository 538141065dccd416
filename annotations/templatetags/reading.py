"""What templates of the reading room need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

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
def is_list(value: object) -> bool:
    return isinstance(value, list)
