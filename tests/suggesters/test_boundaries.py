"""Where a word may begin and end."""

from __future__ import annotations

import pytest

from annotations.suggesters.boundaries import is_boundary


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Baku", " said"),
        ("Baku", ", "),
        ("", "Baku"),
        ("Baku", ""),
        ("Erdoğan", "'s"),
        ("Erdoğan", "`s"),
        ("Ankara", "’ya"),
        ("d'", "Ankara"),
        ("anti-", "Turkey"),
        ("talks.", "Baku"),
        ("9", ". May"),
        ("in 2020", ","),
        ("5", " %"),
        ("US", "$5"),
        ("Baku", "\u200b said"),
        ("Baku", "\u200e said"),
        ("土耳其", "总统"),
        ("トルコ", "の大統領"),
        ("ตุรกี", "และ"),
        ("Baku", "🇦🇿"),
    ],
)
def test_a_word_ends_and_the_next_may_begin(before: str, after: str) -> None:
    assert is_boundary(before + after, len(before))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Turk", "ey"),
        ("Turkey", "2020"),
        ("snake", "_case"),
        ("cafe", "\u0301"),
        ("e\u0301", "t"),
        ("15", ",000"),
        ("15,", "000"),
        ("3", ".5"),
        ("3.", "5"),
        ("می", "\u200cخواهم"),
        ("می\u200c", "خواهم"),
        ("तुर", "्की"),
        ("👩", "\u200d🚀"),
        ("👩\u200d", "🚀"),
        ("👋", "🏽"),
        ("トル", "コ"),
    ],
)
def test_inside_a_word_or_a_character_there_is_no_boundary(before: str, after: str) -> None:
    assert not is_boundary(before + after, len(before))
