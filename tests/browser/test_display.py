"""Size, spacing, width, typeface and colours: chosen once, remembered, never flashing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from annotations.models import Role, Source
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import LOOKS
from tests.factories import make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "\n\n".join(f"Paragraph {number}. Ankara said no to the talks. " * 8 for number in range(40))
Open = Callable[..., SurfacePage]


@pytest.fixture
def source() -> Source:
    source = make_source(make_desk(), text=TEXT)
    make_annotation(source)
    return source


def open_for(open_surface: Open, source: Source, **options: Any) -> SurfacePage:
    return open_surface(member(source.desk, Role.EDITOR), source, **options)


def style(page: Page, name: str) -> str:
    return str(page.evaluate(f"getComputedStyle(document.querySelector('#text')).{name}"))


def size(page: Page) -> float:
    return float(style(page, "fontSize").removesuffix("px"))


@pytest.mark.parametrize("width", [1440, 390])
def test_the_text_is_set_by_mouse_and_stays_so(
    open_surface: Open, source: Source, width: int
) -> None:
    surface = open_for(open_surface, source, viewport={"width": width, "height": 844})
    page = surface.page
    usual = size(page)

    page.get_by_role("button", name="Display").click()
    page.get_by_role("button", name="Larger text").click()
    page.get_by_role("button", name="Larger text").click()
    page.get_by_label("Wide").check(force=True)
    page.get_by_label("Mono").check(force=True)
    page.locator("#display").get_by_role("button", name="Dark").click()

    def is_set() -> None:
        assert size(page) == pytest.approx(usual * 1.3, abs=0.1)
        assert float(style(page, "lineHeight").removesuffix("px")) > size(page) * 2.3
        assert "mono" in style(page, "fontFamily").lower()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"

    is_set()
    surface.open(source.desk.slug, source.id)
    is_set()
    page.get_by_role("button", name="Display").click()
    expect(page.get_by_label("Wide")).to_be_checked()
    page.get_by_role("button", name="Reset to defaults").click()
    assert size(page) == usual


def test_keys_change_the_size_and_the_words_stay_where_they_are(
    open_surface: Open, source: Source
) -> None:
    surface = open_for(open_surface, source)
    usual = size(surface.page)
    before = surface.boxes("Paragraph 20.")["first"]["top"]

    surface.press(">", ">")

    expect(surface.page.locator("#news")).to_contain_text("Text size 130 %.")
    assert size(surface.page) == pytest.approx(usual * 1.3, abs=0.1)
    after = surface.page.evaluate(
        """() => {
          const word = document.createTreeWalker(document.querySelector("#text"), 4);
          while (word.nextNode()) {
            const unit = word.currentNode.data.indexOf("Paragraph 20.");
            if (unit < 0) continue;
            const range = new Range();
            range.setStart(word.currentNode, unit);
            range.setEnd(word.currentNode, unit + 9);
            return range.getBoundingClientRect().top;
          }
        }"""
    )
    assert abs(after - before) < 150
    surface.press("<", "<")
    assert size(surface.page) == pytest.approx(usual, abs=0.1)


def test_the_choice_is_there_before_the_first_paint(open_surface: Open, source: Source) -> None:
    surface = open_for(open_surface, source)
    surface.press(">")

    surface.page.add_init_script(
        """new MutationObserver(() => {
          if (document.body && window.seen === undefined) {
            window.seen = document.documentElement.getAttribute("data-text-size");
          }
        }).observe(document, { childList: true, subtree: true });"""
    )
    surface.open(source.desk.slug, source.id)

    assert surface.page.evaluate("window.seen") == "115"


def test_selections_need_not_snap_to_words(open_surface: Open, source: Source) -> None:
    surface = open_for(open_surface, source)
    surface.page.get_by_role("button", name="Display").click()
    surface.page.get_by_label("snap to whole words").uncheck()
    surface.press("Escape")

    surface.drag_over("nkara sai")

    assert surface.painted()["passage"] == ["nkara sai"]


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_the_settings_are_accessible(
    open_surface: Open, source: Source, pytestconfig: pytest.Config, theme: str, width: int
) -> None:
    options = {"color_scheme": theme, "viewport": {"width": width, "height": 844}}
    surface = open_for(open_surface, source, **options)

    surface.page.get_by_role("button", name="Display").focus()
    surface.press("Enter", "Tab")

    inside = surface.page.evaluate("document.activeElement.closest('#display') !== null")
    assert inside
    folder = pytestconfig.getoption("output")
    surface.page.screenshot(path=f"{folder}/surface-display-{theme}-{width}.png")
    found = Axe().run(surface.page)
    assert found.violations_count == 0, found.generate_report()
    surface.press("Escape")
    expect(surface.page.locator("#display")).to_be_hidden()
    expect(surface.page.get_by_role("button", name="Display")).to_be_focused()


@pytest.mark.parametrize("spaced", [False, True], ids=["as-it-is", "own-spacing"])
def test_nothing_is_lost_on_the_narrowest_screen(
    open_surface: Open, source: Source, spaced: bool
) -> None:
    """WCAG 1.4.10 (320 CSS pixels, as at a zoom of 400 %) and 1.4.12 (the reader's own spacing)."""
    options = {"viewport": {"width": 320, "height": 640}, "bypass_csp": True}
    surface = open_for(open_surface, source, **options)
    if spaced:
        surface.page.evaluate(
            """document.head.append(Object.assign(document.createElement("style"), { textContent: `
              * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
                  word-spacing: 0.16em !important }
              p { margin-block-end: 2em !important }` }))"""
        )

    surface.drag_over("Ankara")

    overflow = surface.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    surface.press("e")
    expect(surface.page.locator("#palette")).to_be_in_viewport()
