from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.text.normalisation import normalise, sha256


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a\r\r\nb", "a\n\nb"),
        ("a\n\rb", "a\n\nb"),
        ("\ufeffa", "a"),
        ("a\ufeff", "a\ufeff"),
        ("\ufeff\ufeffa", "\ufeffa"),
    ],
)
def test_line_endings_become_lf_and_the_first_byte_order_mark_goes(before: str, after: str) -> None:
    assert normalise(before) == after


@pytest.mark.parametrize("text", ["e\u0301", "ﬁ", "a\u00a0b", "Turkey`s", "\u2028", "  a \t\n\n"])
def test_nothing_else_changes(text: str) -> None:
    assert normalise(text) == text


@settings(deadline=None)
@given(st.text())
def test_a_normalised_text_has_no_carriage_return_and_stays_as_it_is(text: str) -> None:
    once = normalise(text)

    assert "\r" not in once
    assert normalise(once) == once.removeprefix("\ufeff")


def test_the_hash_is_that_of_the_utf_8_bytes() -> None:
    # printf 'Erdoğan' | sha256sum
    assert sha256("Erdoğan") == "25a974652fb4e50fe904e3c674d1a64b1c39b48eb60c8a66b6b4b1aca37ee674"
