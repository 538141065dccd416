from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import annotations
from annotations.text.spans import BLANK, CONTEXT, Span, overlapping, select, trimmed

SPANS = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda p: Span(p[0], p[0] + p[1]))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 3), (4, 2), (-1, 2), (-2, -1)])
def test_a_span_holds_at_least_one_code_point_of_a_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="is not a span"):
        Span(start, end)


def test_a_selector_has_the_words_and_what_stands_around_them() -> None:
    text = "Ankara took a strong stance."

    selector = select(text, Span(7, 11))

    assert selector.exact == "took"
    assert (selector.prefix, selector.suffix) == ("Ankara ", " a strong stance.")
    assert (selector.start, selector.end) == (7, 11)


def test_context_is_at_most_32_code_points_on_either_side() -> None:
    text = "a" * 100 + "X" + "b" * 100

    selector = select(text, Span(100, 101))

    assert (selector.prefix, selector.suffix) == ("a" * 32, "b" * 32)


def test_offsets_count_code_points_also_beyond_emoji_and_combining_marks() -> None:
    text = "🇹🇷 e\u0301tat 👩‍👩‍👧 Erdoğan"
    start = text.index("Erdoğan")

    selector = select(text, Span(start, start + 7))

    assert start == 15
    assert selector.exact == "Erdoğan"
    assert selector.prefix == "🇹🇷 e\u0301tat 👩‍👩‍👧 "


def test_a_whole_text_can_be_selected() -> None:
    selector = select("no", Span(0, 2))

    assert (selector.exact, selector.prefix, selector.suffix) == ("no", "", "")


def test_a_span_that_ends_beyond_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="ends beyond 2 code points"):
        select("no", Span(1, 3))


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200), st.data())
def test_prefix_exact_and_suffix_are_one_stretch_of_the_text(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    selector = select(text, Span(start, end))

    around = selector.prefix + selector.exact + selector.suffix
    assert text[start:end] == selector.exact
    assert text[start - len(selector.prefix) : end + len(selector.suffix)] == around
    assert len(selector.prefix) == min(start, CONTEXT)
    assert len(selector.suffix) == min(len(text) - end, CONTEXT)


def test_spans_that_touch_do_not_overlap() -> None:
    assert not overlapping([Span(0, 4), Span(4, 8)])
    assert overlapping([Span(0, 5), Span(4, 8)])


def test_a_span_overlaps_one_that_holds_it() -> None:
    assert overlapping([Span(10, 12), Span(0, 20)])
    assert overlapping([Span(3, 5), Span(3, 5)])


@settings(deadline=None)
@given(st.lists(SPANS, max_size=8))
def test_overlap_means_that_a_code_point_is_in_two_spans(spans: list[Span]) -> None:
    points = [set(range(span.start, span.end)) for span in spans]

    assert overlapping(spans) == any(a & b for a, b in combinations(points, 2))


def test_blank_is_all_white_space_of_unicode_python_and_javascript() -> None:
    white_space = {  # Unicode's PropList.txt
        *range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
        0x202F, 0x205F, 0x3000,
    }  # fmt: skip
    by_python = {code for code in range(0x110000) if chr(code).isspace()}

    assert set(map(ord, BLANK)) == white_space | by_python | {0xFEFF}
    assert len(BLANK) == len(set(BLANK))


def test_the_page_calls_the_same_blank() -> None:
    module = Path(annotations.__file__).parent / "static/annotations/surface/text/blank.js"
    found = re.search(r"const BLANK = /(\[.*\])/;", module.read_text())
    assert found

    assert "".join(re.findall(found[1], "".join(map(chr, range(0x10000))))) == "".join(
        sorted(BLANK)
    )


@given(st.text(st.sampled_from(f"{BLANK}ab.\u0301\u200b𝔸"), max_size=40), SPANS)
def test_a_span_is_trimmed_to_what_is_not_blank_and_no_further(text: str, span: Span) -> None:
    inked = [each for each in range(*span.slice.indices(len(text))) if text[each] not in BLANK]

    found = trimmed(text, Span(span.start, min(span.end, len(text)))) if inked else None

    assert found == (Span(inked[0], inked[-1] + 1) if inked else None)


def test_a_blank_span_has_nothing_to_trim_to() -> None:
    assert trimmed(f"a{BLANK}b", Span(1, 1 + len(BLANK))) is None
