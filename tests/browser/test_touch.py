"""Tagging with a finger on a phone and on a tablet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from annotations.models import Annotation, Desk, Kind, Role, Source
from annotations.queries.annotations.work import work_document
from tests.browser.surface_page import SurfacePage
from tests.factories import make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "\n\n".join(f"Paragraph {number}: Baku said no to the talks." for number in range(30))
PHONE = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
TABLET = {**PHONE, "viewport": {"width": 1024, "height": 768}}
HANDLES = 40  # CSS pixels that the native handles take below a selection
Open = Callable[..., SurfacePage]
# Selects words as the long press and the native handles do, at a height of the window.
SELECT = """
([wanted, height]) => {
  const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const unit = walker.currentNode.data.indexOf(wanted);
    if (unit < 0) continue;
    const end = unit + wanted.length;
    const selection = getSelection();
    selection.setBaseAndExtent(walker.currentNode, unit, walker.currentNode, end);
    const { top } = selection.getRangeAt(0).getBoundingClientRect();
    scrollBy({ top: top - height, behavior: "instant" });
    return;
  }
}
"""

# The middle of words where the window shows them now.
MIDDLE = """
(wanted) => {
  const node = document.createTreeWalker(document.querySelector("#text"), 4).nextNode();
  const unit = node.data.indexOf(wanted);
  const range = new Range();
  range.setStart(node, unit);
  range.setEnd(node, unit + wanted.length);
  const { left, right, top, bottom } = range.getBoundingClientRect();
  return [(left + right) / 2, (top + bottom) / 2];
}
"""


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk, text=TEXT)


def open_on(device: dict[str, Any], open_surface: Open, desk: Desk, source: Source) -> SurfacePage:
    return open_surface(member(desk, Role.EDITOR), source, **device)


def select(surface: SurfacePage, words: str, height: int) -> Locator:
    surface.page.evaluate(SELECT, [words, height])
    palette = surface.page.locator("#palette")
    expect(palette).to_be_visible()
    return palette


def is_free(surface: SurfacePage) -> bool:
    """Whether the palette leaves the selection and its handles uncovered."""
    return surface.page.evaluate(
        """(handles) => {
          const chosen = getSelection().getRangeAt(0).getBoundingClientRect();
          const palette = document.querySelector("#palette").getBoundingClientRect();
          return palette.top >= chosen.bottom + handles || palette.bottom <= chosen.top;
        }""",
        HANDLES,
    )


@pytest.mark.parametrize("device", [PHONE, TABLET], ids=["phone", "tablet"])
@pytest.mark.parametrize("height", [120, 400, 690])
def test_the_palette_leaves_the_selection_and_its_handles_free(
    open_surface: Open, desk: Desk, source: Source, device: dict[str, Any], height: int
) -> None:
    surface = open_on(device, open_surface, desk, source)

    palette = select(surface, "Paragraph 17: Baku", height)

    assert is_free(surface)
    palette.get_by_role("button", name="Claim").tap()
    assert is_free(surface)
    expect(palette).to_be_in_viewport(ratio=1)


def test_a_passage_is_tagged_by_fingers_alone(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    surface = open_on(PHONE, open_surface, desk, source)
    select(surface, "Baku", 300)
    palette = select(surface, "Baku sai", 300)
    surface.page.wait_for_timeout(400)  # a selection by touch is taken when it rests
    assert surface.painted()["passage"] == ["Baku said"]

    palette.get_by_role("button", name="Quote").tap()
    assert surface.page.evaluate("document.activeElement.matches('#palette input')") is False
    surface.page.get_by_role("option", name="Indirect").tap()

    expect(surface.inspector).to_contain_text("Quote: Indirect")
    surface.wait_until_saved()
    document = work_document(Annotation.objects.get())
    assert [part["exact"] for part in document["spans"]] == ["Baku said"]
    assert surface.page.evaluate("getSelection().isCollapsed")


def test_taps_go_through_what_lies_there(open_surface: Open, desk: Desk, source: Source) -> None:
    start = TEXT.index("Baku")
    make_annotation(source, spans=[(start, start + 4)])
    make_annotation(source, kind=Kind.QUOTE, spans=[(start, start + 9)])
    surface = open_on(PHONE, open_surface, desk, source)

    surface.boxes("Baku")
    for title in ("Entity: Place", "Quote: Direct", "Entity: Place"):
        surface.page.touchscreen.tap(*surface.page.evaluate(MIDDLE, "Baku"))
        expect(surface.inspector.locator("h2")).to_have_text(title)

    found = Axe().run(surface.page)
    assert found.violations_count == 0, found.generate_report()


def test_every_target_is_large_enough(open_surface: Open, desk: Desk, source: Source) -> None:
    surface = open_on(PHONE, open_surface, desk, source)
    select(surface, "Baku", 300)

    small = surface.page.evaluate(
        """() => [...document.querySelectorAll("main button, #palette button, main summary")]
          .filter((each) => each.checkVisibility())
          .map((each) => [each.textContent, each.getBoundingClientRect()])
          .filter(([, { width, height }]) => Math.min(width, height) < 24)
          .map(([name, { width, height }]) => `${name}: ${width} × ${height}`)"""
    )

    assert small == []
