"""What is selected is what is stored, in any script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Role
from annotations.queries.annotations.work import work_document
from tests.browser.surface_page import SurfacePage
from tests.factories import make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = [
    pytest.param("First 🎉🎉 line\n👩‍👩‍👧 then Baku 🇦🇿 said", "Baku", id="emoji"),
    pytest.param("A cafe\u0301 in Bra\u015fov, Zu\u0308rich next", "Zu\u0308rich", id="combining"),
    pytest.param("مرحبا 😀 بالعالم\nقال باكو نعم 12", "باكو", id="right-to-left"),
    pytest.param("He wrote שלום עולם in 𝔅aku\tand 🏳️‍🌈 Baku", "עולם", id="mixed"),
    pytest.param("one\n\n\n  𝔸 tab\there", "𝔸", id="blank-lines"),
]


@pytest.mark.parametrize(("text", "exact"), TEXTS)
def test_a_passage_has_the_code_points_that_were_selected(
    open_surface: Callable[..., SurfacePage], text: str, exact: str
) -> None:
    source = make_source(make_desk(), text=text)
    surface = open_surface(member(source.desk, Role.EDITOR), source)

    surface.tag(exact, "e", "other")

    surface.wait_until_saved()
    expect(surface.items).to_have_count(1)
    (span,) = work_document(Annotation.objects.get())["spans"]
    assert (span["exact"], text[span["start"] : span["end"]]) == (exact, exact)


def test_every_tag_is_painted_on_its_own_words(
    open_surface: Callable[..., SurfacePage],
) -> None:
    text = "🎉 Baku said 🇦🇿\n\nمرحبا 😀 بالعالم\nlast 𝔸 one"
    source = make_source(make_desk(), text=text)
    wanted = ["Baku", "🇦🇿", "بالعالم", "𝔸 one"]
    for exact in wanted:
        start = text.index(exact)
        make_annotation(source, label="other", spans=[(start, start + len(exact))])

    surface = open_surface(member(source.desk, Role.READER), source)

    assert surface.painted()["entity-0"] == wanted


def test_an_annotation_across_paragraphs_is_painted_in_both(
    open_surface: Callable[..., SurfacePage],
) -> None:
    source = make_source(make_desk(), text="One two.\n\nThree 𝔣our.")
    make_annotation(source, label="other", spans=[(4, 20)])

    surface = open_surface(member(source.desk, Role.READER), source)

    assert surface.painted()["entity-0"] == ["two.\n\nThree 𝔣our"]
