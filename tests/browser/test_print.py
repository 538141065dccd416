"""The text on paper, with numbered notes."""

from __future__ import annotations

import io
from collections.abc import Callable
from unicodedata import normalize

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from annotations.models import Desk, Kind, Role, Source
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import tagged_article
from tests.factories import approved, make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Ankara „welcomed“ the talks. 𝔅aku said no on 9 May.\n\nقالت باكو لا في التاسع من مايو."
Open = Callable[..., SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    source = make_source(desk, text=TEXT, title="A title", publisher="A publisher")
    approved(make_annotation(source, spans=[(0, 6)]))
    make_annotation(
        source, kind=Kind.CLAIM, spans=[(29, 51)], fields={"normalized": "Baku said no in May."}
    )
    make_annotation(source, kind=Kind.QUOTE, spans=[(7, 17), (29, 41)])
    return source


@pytest.fixture
def page(open_surface: Open, desk: Desk, source: Source) -> Page:
    page = open_surface(member(desk, Role.EDITOR), source, color_scheme="dark").page
    page.emulate_media(media="print")
    return page


def print_page(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('beforeprint'))")


def test_the_text_carries_numbers_and_a_note_for_each(page: Page, source: Source) -> None:
    print_page(page)

    text = page.locator(".print-text")
    expect(text).to_contain_text("Ankara1 „welcomed“2 the talks. 𝔅aku said no2 on 9 May.3")
    expect(text).to_contain_text("قالت باكو")
    notes = page.locator(".print-notes li")
    expect(notes).to_have_count(3)
    expect(notes.nth(0)).to_contain_text("Entity: Place. Ankara")
    expect(notes.nth(0)).to_contain_text("Approved by")
    expect(notes.nth(0)).to_contain_text("written by Editor, version 1")
    expect(notes.nth(1)).to_contain_text("„welcomed“ … 𝔅aku said no")
    expect(notes.nth(2)).to_contain_text("Baku said no in May.")
    head = page.locator(".print header")
    for fact in ("A title", "A publisher", source.revisions.get().sha256, "Printed"):
        expect(head).to_contain_text(fact)


def test_only_the_paper_is_printed_black_on_white(page: Page) -> None:
    print_page(page)

    for hidden in ("#main", ".masthead", ".panel", ".footer", "#show-keys"):
        expect(page.locator(hidden).first).to_be_hidden()
    colour = page.evaluate("getComputedStyle(document.querySelector('.print-text')).color")
    assert colour == "rgb(0, 0, 0)"
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_what_is_filtered_out_is_not_printed(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.page.get_by_role("checkbox", name="Claim 1").uncheck()
    surface.page.emulate_media(media="print")

    print_page(surface.page)

    expect(surface.page.locator(".print-notes li")).to_have_count(2)
    expect(surface.page.locator(".print header")).to_contain_text("2 of 3, as they were filtered")


def test_the_page_is_as_before_when_it_was_printed(page: Page) -> None:
    before = page.locator("#text").inner_html()

    page.pdf()

    expect(page.locator(".print")).to_have_count(0)
    assert page.locator("#text").inner_html() == before
    assert page.evaluate("document.documentElement.hasAttribute('data-printing')") is False


def test_the_browser_prints_the_notes(page: Page) -> None:
    page.evaluate(
        """() => addEventListener("beforeprint", () => {
          window.notes = document.querySelectorAll(".print-notes li").length;
        })"""
    )

    paper = page.pdf(format="A4")

    assert paper.startswith(b"%PDF")
    assert page.evaluate("window.notes") == 3


def test_the_paper_says_the_article_and_each_note(open_surface: Open) -> None:
    source = tagged_article()
    page = open_surface(member(source.desk, Role.EDITOR), source).page

    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))

    said = letters("".join(sheet.extract_text() for sheet in paper.pages))
    article, notes = said.split("Notes1.", 1)
    words = [word for word in source.revisions.get().text.split() if word.isalpha()]
    missing = [word for word in words if letters(word) not in article]
    assert missing == [], missing
    for note in (
        "Entity:Person.“RecepTayyipErdoğan”",
        "writtenbyEditor",
        "ApprovedbyReviewer",
        "ReturnedbyReviewer",
        "Inreview",
    ):
        assert note in notes
    assert f"{source.annotations.count()}." in notes


def letters(text: str) -> str:
    """Without white space and ligatures, which paper has in other places."""
    return "".join(normalize("NFKC", text).split())
