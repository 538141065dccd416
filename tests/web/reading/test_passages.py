"""The text around spans."""

from __future__ import annotations

import pytest

from annotations.models import Annotation
from annotations.queries.annotations.excerpts import REACH, Passage, passages_of
from tests import factories

pytestmark = pytest.mark.django_db


def passages(text: str, *spans: tuple[int, int]) -> list[Passage]:
    source = factories.make_source(factories.make_desk(), text=text)
    annotation = factories.make_annotation(source, spans=spans)
    head = Annotation.objects.select_related("head").get(id=annotation.id).head
    assert head is not None
    return passages_of(head)


def text_of(passage: Passage) -> str:
    return "".join(piece.text for piece in passage.pieces)


def test_a_short_text_is_shown_whole() -> None:
    (passage,) = passages("𝔸 word here", (2, 6))

    assert [(piece.text, piece.marked) for piece in passage.pieces] == [
        ("𝔸 ", False), ("word", True), (" here", False),
    ]  # fmt: skip
    assert (passage.start, passage.cut_before, passage.cut_after) == (0, False, False)


def test_one_paragraph_before_and_after_is_shown() -> None:
    text = "one\n\ntwo\n\nthree\n\nfour\n\nfive"

    (passage,) = passages(text, (10, 15))

    assert text_of(passage) == "two\n\nthree\n\nfour"
    assert (passage.cut_before, passage.cut_after) == (True, True)


def test_spans_far_apart_have_a_passage_each() -> None:
    text = "start\n" + "word " * REACH + "\nend here"
    end = text.index("end here")

    first, second = passages(text, (0, 5), (end, end + 3))

    assert [piece.text for piece in first.pieces if piece.marked] == ["start"]
    assert [piece.text for piece in second.pieces if piece.marked] == ["end"]


@pytest.mark.parametrize("text", ["x" * 10_000, "word " * 2_000])
def test_a_paragraph_without_end_is_cut_within_reach(text: str) -> None:
    (passage,) = passages(text, (5_000, 5_001))

    shown = text_of(passage)
    assert len(shown) <= 2 * REACH + 1
    assert shown == text[passage.start : passage.start + len(shown)]
    assert [piece.text for piece in passage.pieces if piece.marked] == [text[5_000]]
    assert (passage.cut_before, passage.cut_after) == (True, True)


def test_the_end_of_the_text_is_shown_to_its_last_letter() -> None:
    text = "word " * 2_000 + "last"

    (passage,) = passages(text, (len(text) - 4, len(text)))

    assert text_of(passage).endswith(" last")
    assert not passage.cut_after


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text = " ".join(f"Sentence {n} says „so“ on 3.5 km. He agreed!" for n in range(200))
    at = text.index("agreed", 4_000)

    (passage,) = passages(text, (at, at + 6))

    shown = text_of(passage)
    assert shown.startswith(("Sentence", "He"))
    assert shown.endswith((".", "!"))
    assert shown == text[passage.start : passage.start + len(shown)]
