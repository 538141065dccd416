"""JSON as one line for every reader, and as words inside other formats.

Both are what `json.dumps` writes with sorted keys and without escapes for Unicode, several times as
fast. Dataclasses are objects.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

# JSON leaves them as they are, but readers that follow Unicode end a line there (Python's
# str.splitlines, for instance), and with it the record.
LINE_ENDS = re.compile(b"\xc2\x85|\xe2\x80[\xa8\xa9]")

_SORTED: Final = msgspec.json.Encoder(order="sorted")


def json_line(value: object) -> bytes:
    """The value as UTF-8 with a line feed at its end and no other end of a line in it.

    >>> json_line({"b": 1, "a": "Bak\\u2028u"})
    b'{"a":"Bak\\\\u2028u","b":1}\\n'
    """
    return LINE_ENDS.sub(_escape, _SORTED.encode(value)) + b"\n"


def json_words(value: object) -> str:
    """The value with a space after each comma and colon.

    >>> json_words({"b": [1, None], "a": "ü"})
    '{"a": "ü", "b": [1, null]}'
    """
    return msgspec.json.format(_SORTED.encode(value), indent=0).decode()


def _escape(match: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % ord(match[0].decode())
