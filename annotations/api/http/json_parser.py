"""Bodies, read with limits that are checked before anything is parsed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import accumulate
from typing import IO, Any

from django.conf import settings
from rest_framework import parsers
from rest_framework.exceptions import ParseError
from rest_framework.utils.json import strict_constant

from annotations.api.http.problems import TooLarge

MOST_MEMBERS = 100_000  # of all objects and arrays of a body together
DEEPEST = 32  # objects and arrays inside each other

# Possessive, and to the end where a text has none: each byte is looked at once.
_TEXTS = re.compile(rb'"[^"\\]*+(?:\\(?:.|\Z)[^"\\]*+)*+(?:"|\Z)', re.S)
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class JSONParser(parsers.JSONParser):
    """JSON of as many bytes as the view takes; Django counts forms only."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        view = (parser_context or {}).get("view")
        limit = largest_body(takes_sources=getattr(view, "takes_sources", False))
        data = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLarge
        if sentence := excess(data):
            raise ParseError(sentence)
        try:
            return json.loads(data.decode(), parse_constant=strict_constant)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
        except ValueError as error:
            raise ParseError(f"The body is not JSON in UTF-8: {error}.") from error


def largest_body(*, takes_sources: bool = False) -> int:
    """Bytes of a body: a whole source, or anything else."""
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return most if takes_sources else min(settings.LARGEST_BODY, most)


def excess(data: bytes) -> str:
    """What of this JSON is too much to be parsed, as a sentence; "" for nothing.

    Objects take some hundred times the bytes that they are written in. Brackets and commas in texts
    do not count, but texts are only taken out where there are enough of them to matter.
    """
    brackets, commas = data.count(b"[") + data.count(b"{"), data.count(b",")
    if brackets <= DEEPEST and brackets + commas <= MOST_MEMBERS:
        return ""
    bare = _TEXTS.sub(b"", data)
    structure = bare.translate(None, delete=_OTHERS)
    if bare.count(b",") + len(structure) // 2 > MOST_MEMBERS:
        return f"The JSON has more than {MOST_MEMBERS:,} members."
    if max(accumulate(map(_STEPS.__getitem__, structure)), default=0) > DEEPEST:
        return "The JSON is nested too deeply."
    return ""
