"""Where a word begins and ends, judged from the characters around one place of a text.

Close to the default word boundaries of Unicode (UAX #29, WB3 to WB13), asked of one place, in
constant time but for runs of invisible characters. Where a name could stand alone the answer is
kinder: an apostrophe or a full stop between letters is a boundary (“Erdoğan's”, “d'Ankara”,
“talks.Baku”), and so is every place beside a letter of a script that is written without spaces.
"""

from __future__ import annotations

import re
from unicodedata import category

NUMBER = re.compile(r"\d[.,]\d")
ZERO_WIDTH_JOINER = "\u200d"
ZERO_WIDTH_SPACE = "\u200b"
SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
UNSPACED = (
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u0f00", "\u109f"),  # Tibetan, Myanmar
    ("\u1780", "\u17ff"),  # Khmer
    ("\u3005", "\u3007"),
    ("\u3041", "\u309f"),  # Hiragana; Katakana words do stand apart
    ("\u3400", "\u9fff"),  # Han
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)


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
    return not (_in_word(left) and _in_word(right)) or _is_unspaced(left) or _is_unspaced(right)


def _is_mark(character: str) -> bool:
    """Whether it changes the character before it: an accent, a vowel sign, a skin tone."""
    return category(character)[0] == "M" or SKIN_TONES[0] <= character <= SKIN_TONES[1]


def _in_word(character: str) -> bool:
    return category(character)[0] in "LNM" or category(character) == "Pc"


def _is_unspaced(character: str) -> bool:
    return any(first <= character <= last for first, last in UNSPACED)


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
