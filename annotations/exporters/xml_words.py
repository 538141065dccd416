"""Text inside XML 1.0 that a parser gives back as it was, character for character.

Characters that XML has no way to write (§2.2: most control characters) become U+FFFD each, so that
offsets stay what they are.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RETURN = {"\r": "&#13;"}  # a parser makes a line feed of a bare one (§2.11)


def element_text(words: str) -> str:
    return escape(UNSAYABLE.sub("\ufffd", words), RETURN)


def attribute(words: str) -> str:
    """With its quotation marks; tabs and ends of lines as references (§3.3.3)."""
    return quoteattr(UNSAYABLE.sub("\ufffd", words))


def unsayable(words: str) -> int:
    """How many characters are replaced."""
    return len(UNSAYABLE.findall(words))
