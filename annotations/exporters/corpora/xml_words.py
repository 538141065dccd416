"""Text inside XML 1.0 that a parser gives back as it was, character for character.

Characters that XML has no way to write (§2.2: most control characters, U+FFFE and U+FFFF) become
U+FFFD each, so that offsets stay what they are. JSON inside XML has escapes for
them and loses none.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from annotations.exporters.tables.lines import json_words

UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RETURN = {"\r": "&#13;"}  # a parser makes a line feed of a bare one (§2.11)


def sayable(words: str) -> str:
    """What of the words XML can say, not yet escaped."""
    return UNSAYABLE.sub("\ufffd", words)


def element_text(words: str) -> str:
    return escape(sayable(words), RETURN)


def attribute(words: str) -> str:
    """With its quotation marks; tabs and ends of lines as references (§3.3.3)."""
    return quoteattr(sayable(words))


def json_text(value: object) -> str:
    """JSON, not yet escaped for XML, which gives back every character."""
    return UNSAYABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json_words(value))


def unsayable(words: str) -> int:
    """How many characters are replaced."""
    return len(UNSAYABLE.findall(words))
