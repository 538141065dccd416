"""The words around a published passage: whole ones, and languages that are well formed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.templatetags.reading import CONTEXT, after, before, language_tag

WORDS = st.lists(st.text("abcß„“–", min_size=1, max_size=9), min_size=12, max_size=20)


@given(WORDS)
def test_no_word_is_broken_before_or_after_a_passage(words: list[str]) -> None:
    text = " ".join(words)

    start, end = before(text[-CONTEXT:]), after(text[:CONTEXT])

    assert set(start.removeprefix("…").split()) <= set(words)
    assert set(end.removesuffix("…").split()) <= set(words)


@given(st.text("abc ", max_size=CONTEXT - 1))
def test_at_the_ends_of_a_text_nothing_is_left_out(context: str) -> None:
    assert before(context) == context
    assert after(context) == context


def test_a_script_without_spaces_is_kept() -> None:
    assert before("阿" * CONTEXT) == "…" + "阿" * CONTEXT


@pytest.mark.parametrize("language", ["en", "de-AT", "zh-Hant-TW", "es-419", "sr-Latn"])
def test_a_well_formed_language_is_kept(language: str) -> None:
    assert language_tag(language) == language


@pytest.mark.parametrize("language", ["", "English", "e", "en_GB", "de-", 'en" onload="', "12"])
def test_any_other_language_is_left_out(language: str) -> None:
    assert language_tag(language) == ""
