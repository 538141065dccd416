"""Texts in any script, with any characters: shown as they are, and tagged where one selects."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Role
from annotations.queries.annotations.work import work_document
from tests.browser.surface_page import SurfacePage
from tests.factories import make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., SurfacePage]
LONG = "قال باكو لا، ولم يعد أحد الأصوات. " * 300
TEXTS = [
    pytest.param("one\r\ntwo \rthree Baku\r\n", "Baku", id="CRLF"),
    pytest.param("a\tb\t\tBaku\tc", "Baku", id="tabs"),
    pytest.param("one\u2028two\u2029three \u0007\u000b Baku\u200b said", "Baku", id="controls"),
    pytest.param("שלום Baku עולם\nBaku אמר", "עולם", id="right-to-left-first"),
    pytest.param("  \n\n\n\nBaku\n\n\n", "Baku", id="blank-lines-around"),
    pytest.param("👩‍👩‍👧‍👦" * 2_000 + " Baku", "Baku", id="long-line-of-emoji"),
    pytest.param(LONG + "باكو", "باكو", id="long-line-right-to-left"),
    pytest.param("e\u0301\u0323" * 3_000 + " Zu\u0308rich", "Zu\u0308rich", id="long-combining"),
    pytest.param("नमस्ते दुनिया Baku ក្រុម", "दुनिया", id="clusters"),
]


@pytest.mark.parametrize(("text", "exact"), TEXTS)
def test_any_text_is_shown_as_it_is_and_tagged_where_one_selects(
    open_surface: Open, text: str, exact: str
) -> None:
    source = make_source(make_desk(), text=text)
    kept = source.revisions.get().text
    surface = open_surface(member(source.desk, Role.EDITOR), source)
    assert surface.text.evaluate("text => text.textContent") == kept

    surface.tag(exact, "e", "other")

    expect(surface.items).to_have_count(1)
    surface.expect_painted("entity-0", exact)
    surface.wait_until_saved()
    (span,) = work_document(Annotation.objects.get())["spans"]
    assert (span["exact"], kept[span["start"] : span["end"]]) == (exact, exact)


def test_each_line_has_a_direction_of_its_own(open_surface: Open) -> None:
    source = make_source(make_desk(), text="Baku said no\nقال باكو\nand שלום too\nעולם")
    surface = open_surface(member(source.desk, Role.READER), source)
    left = surface.text.evaluate("text => text.getBoundingClientRect().left")

    starts_at_left = {
        words: surface.boxes(words)["first"]["left"] - left < 5
        for words in ("Baku", "قال باكو", "and", "עולם")
    }

    assert starts_at_left == {"Baku": True, "قال باكو": False, "and": True, "עולם": False}


def test_what_is_copied_across_blocks_is_the_text(open_surface: Open) -> None:
    text = "".join(f"Line {number} is here.\n" for number in range(120))
    source = make_source(make_desk(), text=text)
    surface = open_surface(member(source.desk, Role.READER), source)

    copied = surface.page.evaluate(
        """() => {
          getSelection().selectAllChildren(document.getElementById("text"));
          return getSelection().toString();
        }"""
    )

    assert copied.strip("\n") == text.strip("\n")
