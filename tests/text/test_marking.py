from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotations.text.blocks import sheets_of
from annotations.text.marking import Mark, segments

TEXTS = st.text(st.sampled_from("ab \n😀é\u0301ש"), max_size=60)
OFFSETS = st.integers(0, 90)
MARKS = st.lists(
    st.builds(Mark, OFFSETS, OFFSETS, st.sampled_from(["one", "two", "three"])), max_size=8
)


@given(TEXTS, MARKS, st.integers(0, 30))
def test_segments_are_the_text_and_each_says_who_covers_it(
    text: str, marks: list[Mark], first: int
) -> None:
    at = first
    found = list(segments(text, marks, first))

    for segment in found:
        end = at + len(segment.text)
        covering = [mark for mark in marks if mark.start <= at and end <= mark.end and at < end]
        assert sorted(segment.owners) == sorted(mark.owner for mark in covering)
        lengths = {mark: mark.end - mark.start for mark in covering}
        assert not covering or segment.owners[0] in {
            mark.owner for mark in covering if lengths[mark] == min(lengths.values())
        }
        at = end
    assert "".join(segment.text for segment in found) == text


@given(TEXTS, MARKS)
def test_the_segments_of_one_mark_are_its_words(text: str, marks: list[Mark]) -> None:
    for number, mark in enumerate(marks):
        alone = [Mark(each.start, each.end, str(at)) for at, each in enumerate(marks)]
        covered = "".join(each.text for each in segments(text, alone) if str(number) in each.owners)
        assert covered == text[mark.start : max(mark.end, mark.start)]


@given(st.text(st.sampled_from("ab. \n"), max_size=3_000), st.integers(1, 900))
def test_sheets_are_the_text_in_whole_blocks(text: str, length: int) -> None:
    sheets = list(sheets_of(text, length))

    assert "".join(sheets) == text
    assert all(len(sheet) >= length for sheet in sheets[:-1])
