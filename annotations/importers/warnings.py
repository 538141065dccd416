"""What an editor should know about a text that was read without an error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.importers.checks import CONTROL

APOSTROPHE = re.compile(r"(?<=\w)[`´](?=\w)")
UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
QUOTATION_MARKS = (  # “ opens in English and closes in German: only its partner tells
    ('"', "straight"),
    ("”", "English"),
    ("„", "German"),
    ("«", "French"),
)
LINE_ENDINGS = "The line endings were unified; nothing else of the text was changed."


def warnings_about(text: str) -> Iterator[str]:
    """One sentence for each thing that may show a damaged text or spoil a search in it."""
    if count := text.count("\ufffd"):
        yield (
            f"The text holds {_counted(count, 'replacement character')} (U+FFFD): "
            "letters were lost before it came here."
        )
    if count := len(CONTROL.findall(text)):
        yield f"The text holds {_counted(count, 'control character')}, which cannot be seen."
    if count := len(UNSEEN.findall(text)):
        yield (
            f"The text holds {_counted(count, 'invisible character')} "
            "(soft hyphens, zero-width or direction marks); each counts as a character."
        )
    if count := len(APOSTROPHE.findall(text)):
        yield f"An accent (` or ´) stands for an apostrophe in {_counted(count, 'place')}."
    styles = [name for mark, name in QUOTATION_MARKS if mark in text]
    if len(styles) > 1:
        yield f"The text mixes quotation marks: {', '.join(styles[:-1])} and {styles[-1]} ones."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
