"""JSON as one line for every reader."""

from __future__ import annotations

import json
import re

# JSON leaves them as they are, but readers that follow Unicode end a line there (Python's
# str.splitlines, for instance), and with it the record.
LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def json_line(value: object) -> bytes:
    """The value as UTF-8 with a line feed at its end and no other end of a line in it.

    >>> json_line({"b": 1, "a": "Bak\\u2028u"})
    b'{"a":"Bak\\\\u2028u","b":1}\\n'
    """
    text = json.dumps(
        value, allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    return (LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n").encode()
