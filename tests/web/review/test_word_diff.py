"""What changed, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotations.web.review import word_diff
from annotations.web.review.word_diff import words_changed


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_stretches_hold_both_texts_whole(before: str, after: str) -> None:
    stretches = words_changed(before, after)

    assert "".join(each.text for each in stretches if each.change != "new") == before
    assert "".join(each.text for each in stretches if each.change != "gone") == after


def test_only_the_words_that_changed_are_marked() -> None:
    stretches = words_changed("Baku said no.", "Baku never said no!")

    gone = "".join(each.text for each in stretches if each.change == "gone")
    new = "".join(each.text for each in stretches if each.change == "new")
    assert (gone, new.replace(" ", "")) == (".", "never!")


def test_very_long_texts_count_as_replaced() -> None:
    long = "word " * word_diff.MOST_WORDS

    assert [each.change for each in words_changed(long, long + "more")] == ["gone", "new"]
