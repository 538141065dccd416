"""Finding words, and showing some of what is tagged."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotations.models import Desk, Kind, Role
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import axe_finds_nothing
from tests.factories import (
    add_member,
    make_annotation,
    make_desk,
    make_source,
    member,
    submitted,
)

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Bakú said „no“. BAKU said no.\n" + "Nobody counted.\n" * 80 + "🎉 Baku\nsaid “no” again."
Open = Callable[..., SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def surface(open_surface: Open, desk: Desk) -> SurfacePage:
    source = make_source(desk, text=TEXT)
    make_annotation(source, spans=[(0, 4)])
    submitted(make_annotation(source, kind=Kind.CLAIM, spans=[(16, 29)]))
    make_annotation(source, label="person", spans=[(16, 20)], by=add_member(desk, Role.EDITOR))
    return open_surface(member(desk, Role.EDITOR), source)


def test_words_are_found_as_one_types_whatever_their_case_and_accents(surface: SurfacePage) -> None:
    surface.press("/")
    surface.page.keyboard.type("baku")

    count = surface.page.locator("#find output")
    expect(count).to_have_text("1 of 3")
    surface.expect_painted("match-here", "Bakú")
    surface.expect_painted("match", "Baku", "BAKU")
    surface.press("Enter", "Enter")
    expect(count).to_have_text("3 of 3")
    surface.expect_painted("match-here", "Baku")
    surface.press("Enter")
    expect(count).to_have_text("1 of 3")
    surface.press("Shift+Enter")
    expect(count).to_have_text("3 of 3")
    surface.page.get_by_role("button", name="Accents").click()
    expect(count).to_contain_text("of 2")


def test_a_match_may_go_across_lines_and_quotes(surface: SurfacePage) -> None:
    surface.page.get_by_role("button", name="Find").click()
    surface.page.keyboard.type('baku said "no"')

    expect(surface.page.locator("#find output")).to_have_text("1 of 2")
    surface.press("Enter")
    surface.expect_painted("match-here", "Baku\nsaid “no”")


def test_leaving_stands_on_the_match_from_where_one_tags(surface: SurfacePage) -> None:
    surface.press("/")
    surface.page.keyboard.type("again")
    surface.press("Escape")

    expect(surface.page.locator("#find")).to_be_hidden()
    expect(surface.text).to_be_focused()
    assert "match" not in "".join(surface.painted())
    surface.press("ArrowLeft")
    surface.expect_painted("passage", "no")


def test_what_is_not_there_is_said_so(surface: SurfacePage) -> None:
    surface.press("/")
    surface.page.keyboard.type("Ankara")

    expect(surface.page.locator("#find output")).to_have_text("Not found")
    axe_finds_nothing(surface.page)


def test_n_goes_on_from_the_text(surface: SurfacePage) -> None:
    surface.press("/")
    surface.page.keyboard.type("counted")
    expect(surface.page.locator("#find output")).to_have_text("1 of 80")
    surface.text.focus()
    surface.press("n", "n", "N")

    expect(surface.page.locator("#find output")).to_have_text("2 of 80")


def test_n_goes_through_what_is_tagged_when_nothing_is_searched(surface: SurfacePage) -> None:
    surface.press("n")
    expect(surface.inspector).to_contain_text("Entity: Place")
    surface.press("n")
    expect(surface.inspector).to_contain_text("Claim: Checkable")
    surface.press("N")
    expect(surface.inspector).to_contain_text("Entity: Place")


def kinds_painted(surface: SurfacePage) -> set[str]:
    return {name.split("-")[0] for name in surface.painted() if name[-1].isdigit()}


@pytest.mark.parametrize(
    ("by", "option", "count", "kinds"),
    [
        ("State", "In review (1)", "1 of 3", {"claim"}),
        ("Label", "Entity: Person (1)", "1 of 3", {"entity"}),
        ("Author", "Second Editor (1)", "1 of 3", {"entity"}),
        ("Author", "Editor (2)", "2 of 3", {"claim", "entity"}),
    ],
)
def test_text_and_list_follow_a_filter_and_there_is_a_way_back(
    surface: SurfacePage, by: str, option: str, count: str, kinds: set[str]
) -> None:
    surface.page.get_by_text("Filter", exact=True).click()
    surface.page.get_by_label(by, exact=True).select_option(option)

    expect(surface.page.locator("#list-tally")).to_have_text(count)
    expect(surface.items).to_have_count(int(count[0]))
    assert kinds_painted(surface) == kinds
    axe_finds_nothing(surface.page)
    surface.page.get_by_role("button", name="Show all").click()
    expect(surface.items).to_have_count(3)
    expect(surface.page.locator("#list-tally")).to_have_text("3")
    expect(surface.page.get_by_label("Comments", exact=True)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_minimap_leads_to_where_one_clicks(open_surface: Open, desk: Desk, scheme: str) -> None:
    source = make_source(desk, text=TEXT)
    make_annotation(source, spans=[(0, 4)])
    surface = open_surface(member(desk, Role.EDITOR), source, color_scheme=scheme)
    box = surface.page.locator("#minimap").bounding_box()
    assert box

    surface.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)

    expect(surface.text.get_by_text("again.")).to_be_in_viewport()
    assert surface.page.evaluate("scrollY") > 500
    inked = """() => {
      const canvas = document.querySelector("#minimap canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, place) => place % 4 === 3 && value > 0);
    }"""
    surface.page.wait_for_function(inked)


def test_on_a_narrow_screen_there_is_finding_but_no_minimap(open_surface: Open, desk: Desk) -> None:
    source = make_source(desk, text=TEXT)
    surface = open_surface(
        member(desk, Role.EDITOR), source, viewport={"width": 390, "height": 844}
    )
    expect(surface.page.locator("#minimap")).to_be_hidden()

    surface.page.get_by_role("button", name="Find").click()
    surface.page.keyboard.type("baku")

    expect(surface.page.locator("#find output")).to_have_text("1 of 3")
    assert surface.page.evaluate("document.documentElement.scrollWidth") <= 390
    axe_finds_nothing(surface.page)
