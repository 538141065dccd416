"""Names and titles: one line each that says something."""

from __future__ import annotations

import unicodedata

from annotations.text.spans import BLANK

NOT_IN_A_LINE = {"Cc", "Cs", "Zl", "Zp"}  # control characters, half pairs, ends of lines
JOINERS = "\u200c\u200d"


def as_line(written: str) -> str:
    r"""Trimmed; empty for what is no line or shows nothing. The database has the same rule.

    >>> as_line("  Baku \ufeff"), as_line("a\nb"), as_line("\u200d")
    ('Baku', '', '')
    """
    line = written.strip(BLANK)
    is_line = NOT_IN_A_LINE.isdisjoint(map(unicodedata.category, line)) and line.strip(JOINERS)
    return line if is_line else ""
