"""Where a word begins and ends, judged from the characters around one place of a text.

What a word is says text/words.py, for all searches alike; here it is asked of one place, in
constant time but for runs of invisible characters. A number with a point or a comma in it (15,000)
is whole here, so that no part of it is proposed, though a search finds its parts.
"""

from __future__ import annotations

import re
from unicodedata import category

from annotations.text.words import is_separator, is_unspaced

NUMBER = re.compile(r"\d[.,]\d")
ZERO_WIDTH_JOINER = "\u200d"
ZERO_WIDTH_SPACE = "\u200b"
SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")


def is_boundary(text: str, place: int) -> bool:
    """Whether a word may begin or end before the code point at `place`.

    >>> [place for place in range(10) if is_boundary("3.5 d'état", place)]
    [0, 3, 4, 5, 6]
    """
    if not 0 < place < len(text):
        return True
    before, after = text[place - 1], text[place]
    if _is_mark(after) or ZERO_WIDTH_JOINER in (before, after) or _inside_number(text, place):
        return False
    left, right = _visible(text, place - 1, -1), _visible(text, place, 1)
    if _is_mark(right):
        return False
    if is_separator(left) or is_separator(right):
        return True
    return is_unspaced(left) or is_unspaced(right)


def _is_mark(character: str) -> bool:
    """Whether it changes the character before it: an accent, a vowel sign, a skin tone."""
    return category(character)[0] == "M" or SKIN_TONES[0] <= character <= SKIN_TONES[1]


def _inside_number(text: str, place: int) -> bool:
    """Whether digits go on over a point or comma on either side, as in 15,000."""
    around = (text[max(0, place - 2) : place + 1], text[place - 1 : place + 2])
    return any(map(NUMBER.fullmatch, around))


def _visible(text: str, place: int, step: int) -> str:
    """The first character from `place` on that is not a format character; a space at the edge."""
    while 0 <= place < len(text):
        if category(text[place]) != "Cf" or text[place] == ZERO_WIDTH_SPACE:
            return text[place]
        place += step
    return " "
