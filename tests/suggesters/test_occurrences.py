"""Tag all finds what a patient reader would find, and nothing inside other words."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.importers import read_pasted
from annotations.suggesters.boundaries import is_boundary
from annotations.suggesters.occurrences import ALIKE, clear_of, occurrences
from annotations.text.spans import Span, overlapping
from tests.factories import CORPUS


def found(text: str, *names: str) -> list[str]:
    return [text[span.slice] for span in occurrences(text, names)]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Turkey, Turkey and Turkeys", "Turkey", ["Turkey", "Turkey"]),
        ("turkey, TURKEY, Turkey", "Turkey", ["Turkey"]),
        ("The president, President Aliyev", "president", ["president", "President"]),
        ("Erdoğan`s, Erdoğan’s, Erdoğan", "Erdoğan", ["Erdoğan"] * 3),
        ("O’Brien, O'Brien, O`Brien, OBrien", "O´Brien", ["O’Brien", "O'Brien", "O`Brien"]),
        ("„Azad“ and “Azad” and 'Azad'", '"Azad"', ["„Azad“", "“Azad”"]),
        ("Ilham  Aliyev, Ilham\nAliyev, Ilham\u00a0Aliyev", "Ilham Aliyev",
         ["Ilham  Aliyev", "Ilham\nAliyev", "Ilham\u00a0Aliyev"]),
        ("by Ilham\n\nAliyev is", "Ilham Aliyev", []),
        ("Nagorno–Karabakh", "Nagorno-Karabakh", ["Nagorno–Karabakh"]),
        ("Erdog\u0306an", "Erdo\u011fan", ["Erdog\u0306an"]),
        ("Erdo\u011fan", "Erdog\u0306an", ["Erdo\u011fan"]),
        ("Erdogan\u0306", "Erdogan", []),
        ("15 of 15,000 or 3.15", "15", ["15"]),
        ("C++ (C++)", "C++", ["C++", "C++"]),
        ("𝔠ounted 𝔠ounted", "𝔠ounted", ["𝔠ounted", "𝔠ounted"]),
        ("土耳其总统", "土耳其", ["土耳其"]),
        ("nothing here", " ", []),
        ("", "Turkey", []),
    ],
    ids=repr,
)  # fmt: skip
def test_whole_words_are_found_however_they_are_set(text: str, name: str, words: list[str]) -> None:
    assert found(text, name) == words


def test_the_longest_name_wins_and_none_overlaps() -> None:
    text = "New Yorker in New York City, New York, New"

    assert found(text, "New", "New York", "New York City") == [
        "New", "New York City", "New York", "New",
    ]  # fmt: skip


def test_offsets_count_code_points() -> None:
    assert list(occurrences("🙂𝔠 Baku", ["Baku"])) == [Span(3, 7)]


def test_the_names_of_the_seed_article_are_all_found() -> None:
    text = read_pasted((CORPUS / "article.txt").read_text(encoding="utf-8"), limit=10**6).text

    for name in ("Turkey", "Azerbaijan", "Erdogan", "Baku", "Ankara", "Aliyev"):
        plain = len(re.findall(rf"(?<![^\W_]){name}(?![^\W_])", text))
        assert len(found(text, name)) == plain, name
    assert len(found(text, "Turkey")) > 5


LETTERS = st.sampled_from("aAbß '’`-–\n\u0301\u200d\u200b.5,_漢")
TEXTS = st.text(LETTERS, max_size=40)
NAMES = st.lists(st.text(LETTERS, max_size=5), max_size=4)


def same(one: str, other: str, *, either_case: bool) -> bool:
    if any(one in alike and other in alike for alike in ALIKE):
        return True
    return re.fullmatch(re.escape(one), other, re.IGNORECASE if either_case else 0) is not None


def ends(text: str, place: int, name: str) -> int | None:
    """Where the name ends that stands at `place`, character by character."""
    either_case = not any(each.isupper() for each in name)
    for each in name:
        if each == " ":
            space = re.match(r"\s+", text[place:])
            if space is None or space[0].count("\n") > 1:
                return None
            place += len(space[0])
        elif place < len(text) and same(each, text[place], either_case=either_case):
            place += 1
        else:
            return None
    return place


def naive(text: str, names: list[str]) -> list[Span]:
    plain = [" ".join(name.split()) for name in names if name.strip()]
    forms = {f for n in plain for f in (n, *(unicodedata.normalize(x, n) for x in ("NFC", "NFD")))}
    spans, place = [], 0
    while place < len(text):
        reached = [ends(text, place, name) for name in forms] if is_boundary(text, place) else []
        whole = [end for end in reached if end is not None and is_boundary(text, end)]
        if whole:
            spans.append(Span(place, max(whole)))
        place = max([place + 1, *whole])
    return spans


@given(TEXTS, NAMES)
def test_a_naive_reader_finds_the_same(text: str, names: list[str]) -> None:
    assert list(occurrences(text, names)) == naive(text, names)


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=3))
def test_in_any_text_the_spans_are_whole_in_order_and_apart(text: str, names: list[str]) -> None:
    spans = list(occurrences(text, names))

    assert spans == sorted(spans)
    assert not overlapping(spans)
    assert all(is_boundary(text, edge) for span in spans for edge in (span.start, span.end))


@given(st.text(LETTERS, max_size=20), st.text("abc", min_size=1), st.text(LETTERS, max_size=20))
def test_a_word_between_spaces_is_always_found(before: str, word: str, after: str) -> None:
    spans = list(occurrences(f"{before}  {word}  {after}", [word]))

    assert Span(len(before) + 2, len(before) + 2 + len(word)) in spans


SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 8)).map(lambda pair: Span(pair[0], sum(pair)))
)


@given(SPANS, SPANS)
def test_what_is_taken_is_left_out(spans: list[Span], taken: list[Span]) -> None:
    apart: list[Span] = []
    for span in sorted(spans):
        if not apart or apart[-1].end <= span.start:
            apart.append(span)

    assert list(clear_of(apart, taken)) == [
        span for span in apart if not any(span.overlaps(other) for other in taken)
    ]


@pytest.mark.parametrize(
    ("piece", "names"),
    [
        ("Turkey and Azerbaijan signed. ", ["Turkey", "Azerbaijan", "Ankara"]),
        ("a", ["a", "aa", "aaa"]),
        ("a" + " " * 1_000, ["a b"]),
        ("a\u0301", ["a"]),
        ("\u200d", ["\u200d", "a"]),
    ],
    ids=repr,
)
def test_a_text_ten_times_as_long_takes_about_ten_times_as_long(
    piece: str, names: list[str]
) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        times = []
        for _ in range(3):
            began = time.perf_counter()
            list(occurrences(text, names))
            times.append(time.perf_counter() - began)
        return min(times)

    assert seconds(200_000) < 30 * seconds(20_000) + 0.05
