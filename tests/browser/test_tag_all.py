"""Tag all: beside the text, on the desk's page, by keys and by mouse."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations.models import Annotation, Desk, Event, EventType, Role, Source, Suggestion
from annotations.queries.suggestions import suggestions_on
from annotations.services.suggestions.propose import suggest_occurrences
from tests.browser.conftest import Programs
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import LOOKS, axe_finds_nothing, tagged_article
from tests.factories import add_member, make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Baku said no. 🙂 Baku`s answer\nwas Baku.\n\n" + "A line.\n\n" * 60 + "The end of Baku."
Open = Callable[..., SurfacePage]
# Whether the window shows the place that is pointed out.
IN_VIEW = """
() => [...CSS.highlights.get("suggestion-here")].every((place) => {
  const range = document.createRange();
  range.setStart(place.startContainer, place.startOffset);
  range.setEnd(place.endContainer, place.endOffset);
  const { top, bottom } = range.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
})
"""


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    source = make_source(desk, text=TEXT)
    make_annotation(source, spans=[(0, 4)])
    return source


@pytest.fixture
def surface(open_surface: Open, desk: Desk, source: Source) -> SurfacePage:
    return open_surface(member(desk, Role.EDITOR), source)


def panel(surface: SurfacePage) -> Locator:
    return surface.page.locator("#tagall")


def boxes(surface: SurfacePage) -> Locator:
    return panel(surface).get_by_role("checkbox")


def until(page: Page, condition: str) -> None:
    deadline = time.monotonic() + 5
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(50)


def tags() -> list[tuple[int, int]]:
    present = Annotation.objects.present().order_by("head__spans__start")
    return list(present.values_list("head__spans__start", "head__spans__end"))


def states() -> list[str]:
    return list(Suggestion.objects.order_by("start").values_list("state", flat=True))


def test_all_are_tagged_by_two_keys(surface: SurfacePage, desk: Desk) -> None:
    surface.click_on("Baku")
    surface.press("w")
    expect(boxes(surface)).to_have_count(3)
    expect(boxes(surface).first).to_be_focused()
    assert surface.painted()["suggestion"] == ["Baku", "Baku", "Baku"]

    surface.press("Enter")

    expect(panel(surface)).to_be_hidden()
    expect(surface.items).to_have_count(4)
    expect(surface.toast).to_contain_text("3 tagged.")
    assert surface.painted().get("suggestion", []) == []
    assert tags() == [(0, 4), (16, 20), (34, 38), (len(TEXT) - 5, len(TEXT) - 1)]
    surface.toast.get_by_role("button", name="Undo").click()
    expect(surface.items).to_have_count(1)
    surface.wait_until_saved()
    assert tags() == [(0, 4)]
    assert not suggestions_on(desk).exists()
    assert not Event.objects.filter(type=EventType.SUGGESTIONS_PROPOSED).exists()


def test_the_stroke_is_undone_and_done_again_by_keys_also_after_a_reload(
    surface: SurfacePage, desk: Desk, source: Source
) -> None:
    surface.click_on("Baku")
    surface.press("w")
    expect(boxes(surface)).to_have_count(3)
    surface.press("Enter")
    expect(surface.items).to_have_count(4)
    made = set(Annotation.objects.values_list("id", flat=True))

    surface.press("Control+z")
    expect(surface.items).to_have_count(1)
    surface.press("Control+Shift+z")
    expect(surface.items).to_have_count(4)
    surface.wait_until_saved()
    surface.open(desk.slug, source.id)
    surface.press("Control+z")

    expect(surface.items).to_have_count(1)
    surface.wait_until_saved()
    assert states() == ["open"] * 3
    assert set(Annotation.objects.values_list("id", flat=True)) == made


def test_one_is_left_out_and_dismissed_by_keys(surface: SurfacePage) -> None:
    surface.click_on("Baku")
    surface.press("w")
    expect(boxes(surface)).to_have_count(3)

    surface.press("ArrowDown", "Space")
    expect(panel(surface)).to_contain_text("Tag 2")
    assert len(surface.painted()["suggestion"]) == 2
    surface.press("ArrowDown", "Enter")

    expect(boxes(surface)).to_have_count(1)
    expect(surface.items).to_have_count(3)
    assert states() == ["accepted", "accepted"]
    surface.press("Delete")
    expect(panel(surface)).to_be_hidden()
    expect(surface.toast).to_contain_text("Dismissed.")
    assert states() == ["accepted", "dismissed", "accepted"]


def test_by_mouse_from_the_inspector(surface: SurfacePage) -> None:
    surface.click_on("Baku")
    surface.inspector.get_by_role("button", name="Tag all like this").click()
    expect(panel(surface)).to_contain_text("3 more places")

    boxes(surface).nth(0).uncheck()
    panel(surface).get_by_role("button", name="Tag 2").click()
    expect(surface.items).to_have_count(3)
    panel(surface).get_by_role("button", name="Dismiss the one left out").click()

    expect(panel(surface)).to_be_hidden()
    assert states() == ["dismissed", "accepted", "accepted"]


def test_the_place_of_the_one_in_focus_comes_into_view(surface: SurfacePage) -> None:
    surface.click_on("Baku")
    surface.press("w")
    expect(boxes(surface)).to_have_count(3)

    surface.press("End")

    until(surface.page, f"scrollY > 600 && ({IN_VIEW})()")
    assert surface.painted()["suggestion-here"] == ["Baku"]
    surface.press("Home")
    until(surface.page, f"scrollY < 300 && ({IN_VIEW})()")


def test_escape_closes_it_and_the_focus_goes_back(surface: SurfacePage) -> None:
    surface.click_on("Baku")
    surface.inspector.get_by_role("button", name="Tag all like this").click()
    expect(boxes(surface)).to_have_count(3)

    surface.press("Escape")

    expect(panel(surface)).to_be_hidden()
    expect(surface.inspector.get_by_role("button", name="Tag all like this")).to_be_focused()
    assert states() == []


def test_a_tag_that_is_just_made_can_be_looked_for(open_surface: Open, desk: Desk) -> None:
    source = make_source(desk, text="Ankara and Ankara.")
    surface = open_surface(member(desk, Role.EDITOR), source)

    surface.tag("Ankara", "e", "place")
    surface.press("w")

    expect(boxes(surface)).to_have_count(1)
    surface.press("Enter")
    expect(surface.items).to_have_count(2)


def test_the_inspector_says_who_proposed_and_who_accepted(surface: SurfacePage) -> None:
    surface.click_on("Baku")
    surface.press("w")
    expect(boxes(surface)).to_have_count(3)
    surface.press("Enter")
    expect(surface.items).to_have_count(4)

    surface.click_on("Baku", 1)

    expect(surface.inspector).to_contain_text("suggested by occurrences · accepted by Editor")


def test_where_there_is_nothing_more_it_says_so(open_surface: Open, desk: Desk) -> None:
    source = make_source(desk, text="Ankara and Baku.")
    make_annotation(source, spans=[(0, 6)])
    surface = open_surface(member(desk, Role.EDITOR), source)

    surface.click_on("Ankara")
    surface.press("w")

    expect(panel(surface)).to_contain_text("No other mention in this text")


def test_a_colleague_s_acceptance_is_no_second_tag(
    open_surface: Open, surface: SurfacePage, desk: Desk, source: Source
) -> None:
    other = open_surface(add_member(desk, Role.EDITOR, "Other"), source)
    for each in (surface, other):
        each.click_on("Baku")
        each.press("w")
        expect(boxes(each)).to_have_count(3)

    surface.press("Enter")
    expect(other.items).to_have_count(4)
    other.press("Enter")

    expect(other.toast).to_contain_text("tagged or dismissed in the meantime")
    assert len(tags()) == 4


def test_the_other_sources_are_searched_while_one_looks_on(
    programs: Programs, surface: SurfacePage, desk: Desk, source: Source
) -> None:
    programs.start_worker()
    make_source(desk, text="From Baku with love.", title="A letter")
    surface.open(desk.slug, source.id)
    surface.click_on("Baku")
    surface.press("w")
    expect(boxes(surface)).to_have_count(3)

    panel(surface).get_by_role("button", name="Also look in the other source").click()
    panel(surface).get_by_role("link", name="See what was found").click(timeout=30_000)

    page = surface.page
    expect(page.get_by_role("heading", name="A letter 1 open")).to_be_visible()
    letter = page.get_by_role("region", name="A letter 1 open")
    letter.get_by_role("button", name="Accept “Baku”").click()
    expect(page.get_by_text("1 accepted, as your draft.")).to_be_visible()
    expect(page.get_by_role("heading", name="A letter")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="A letter 1 open")).to_be_visible()


def test_the_page_of_the_desk_by_keys(
    sign_in: Callable[..., Page], desk: Desk, source: Source
) -> None:
    editor = member(desk, Role.EDITOR)
    suggest_occurrences(annotation=Annotation.objects.get(), by=editor)
    page = sign_in(editor)
    page.goto(f"/desks/{desk.slug}/suggestions/")
    accepts = page.locator("[data-accept]")
    accepts.first.focus()

    page.keyboard.press("ArrowDown")
    expect(accepts.nth(1)).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.get_by_text("1 dismissed.")).to_be_visible()
    expect(accepts.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 accepted, as your draft.")).to_be_visible()

    expect(accepts).to_have_count(1)
    expect(page.get_by_role("link", name="Suggestions 1 waiting")).to_be_visible()
    assert states() == ["open", "dismissed", "accepted"]


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_each_state_is_accessible(
    open_surface: Open, pytestconfig: pytest.Config, theme: str, width: int
) -> None:
    source = tagged_article()
    make_annotation(source, spans=[(7, 17)])
    make_source(source.desk, text="Nothing of the kind.")
    options: dict[str, Any] = {
        "color_scheme": theme,
        "viewport": {"width": width, "height": 900 if width > 400 else 844},
        "reduced_motion": "reduce",
    }
    surface = open_surface(member(source.desk, Role.EDITOR), source, **options)
    page = surface.page
    results = Path(pytestconfig.getoption("output"))

    def look(state: str) -> None:
        page.screenshot(path=results / f"tag-all-{state}-{theme}-{width}.png")
        axe_finds_nothing(page)

    surface.click_on("Azerbaijan")
    surface.press("w")
    expect(boxes(surface).first).to_be_focused()
    look("proposed")
    surface.press("ArrowDown", "Space", "ArrowDown")
    look("one-left-out")
    page.get_by_role("button", name="Also look in the other source").click()
    expect(panel(surface).get_by_role("progressbar")).to_be_visible()
    look("searching")
    page.goto(f"/desks/{source.desk.slug}/suggestions/")
    look("page")
    page.get_by_role("button", name="Dismiss all").first.click()
    expect(page.get_by_text("No suggestions")).to_be_visible()
    look("page-empty")


def test_more_than_can_be_open_at_once_come_when_the_first_are_decided(
    open_surface: Open, desk: Desk
) -> None:
    source = make_source(desk, text="Baku. " * 1_003)
    make_annotation(source, spans=[(0, 4)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.items.first.click()
    surface.press("w")
    expect(panel(surface)).to_contain_text("1000 more places in this text. 2 others follow")
    expect(boxes(surface).first).to_be_focused()

    surface.press("Enter")

    expect(panel(surface)).to_contain_text("2 more places in this text. Space", timeout=20_000)
    expect(boxes(surface)).to_have_count(2)
