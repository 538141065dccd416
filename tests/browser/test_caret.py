"""The caret: passages chosen by keys, what lies under it, and the label used last."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation, Desk, Kind, Role, Source
from annotations.queries.annotations.work import work_document
from tests.browser.surface_page import SurfacePage
from tests.factories import make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
FAMILY = "👩‍👩‍👧"
TEXT = (
    "Ankara „welcomed“ the talks. Baku said no on 9 May.\n\n"
    f"Zo\u0308e saw a {FAMILY} there. Nobody counted.\n"
    "قالت باكو لا في التاسع من مايو.\n"
    + "A longer paragraph that takes several rows of the window. "
    * 60
)
Open = Callable[..., SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk, text=TEXT)


@pytest.fixture
def surface(open_surface: Open, desk: Desk, source: Source) -> SurfacePage:
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.text.focus()
    return surface


def passage(surface: SurfacePage) -> str:
    return " ".join(surface.painted().get("passage", []))


def pressed(surface: SurfacePage, *keys: str) -> str:
    surface.press(*keys)
    return passage(surface)


def news_says(page: Page, words: str) -> None:
    expect(page.locator("#news")).to_contain_text(words)


def heading(surface: SurfacePage) -> str:
    return surface.inspector.locator("h2").inner_text()


def test_alt_moves_by_character_and_shift_takes_them_in(surface: SurfacePage) -> None:
    assert pressed(surface, "ArrowRight") == "Ankara"
    assert pressed(surface, "Alt+Shift+ArrowLeft") == "Ankar"
    assert pressed(surface, "Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight") == "Ankara"
    assert pressed(surface, "Alt+Shift+ArrowRight") == "Ankara „"
    assert pressed(surface, "Shift+ArrowRight") == "Ankara „welcomed"

    assert pressed(surface, "Alt+ArrowLeft") == ""
    assert pressed(surface, "Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight") == "An"


def test_a_word_chosen_backwards_moves_its_start(surface: SurfacePage) -> None:
    pressed(surface, *["ArrowRight"] * 3)
    assert pressed(surface, "ArrowLeft") == "welcomed"

    assert pressed(surface, "Alt+Shift+ArrowLeft") == "„welcomed"


def test_the_caret_never_stands_inside_a_character(surface: SurfacePage) -> None:
    assert pressed(surface, "Control+ArrowDown") == "Zo\u0308e"
    assert pressed(surface, "Alt+ArrowLeft", *["Alt+Shift+ArrowRight"] * 2) == "Zo\u0308"
    assert pressed(surface, *["ArrowRight"] * 4) == FAMILY
    assert pressed(surface, "Alt+ArrowLeft", "Alt+Shift+ArrowRight") == FAMILY


def test_the_mouse_takes_no_half_of_a_character(surface: SurfacePage) -> None:
    surface.page.keyboard.down("Alt")
    surface.drag_over("Zo")
    surface.page.keyboard.up("Alt")

    assert passage(surface) == "Zo\u0308"


def test_arrows_follow_the_eye_in_text_from_right_to_left(surface: SurfacePage) -> None:
    pressed(surface, "Control+ArrowDown")
    assert pressed(surface, "Control+ArrowDown") == "قالت"

    assert pressed(surface, "ArrowLeft") == "باكو"
    assert pressed(surface, "ArrowRight") == "قالت"
    assert pressed(surface, "Alt+ArrowRight", "Alt+Shift+ArrowLeft") == "ق"


def test_rows_paragraphs_and_screens(surface: SurfacePage) -> None:
    pressed(surface, *["Control+ArrowDown"] * 3)
    assert passage(surface) == "A"
    before = surface.page.evaluate("CSS.highlights.get('passage').size")
    assert before == 1

    first_row = caret_box(surface)
    surface.press("ArrowDown")
    second_row = caret_box(surface)
    assert second_row["y"] > first_row["y"]
    assert abs(second_row["x"] - first_row["x"]) < 120
    surface.press("End")
    assert caret_box(surface)["x"] > second_row["x"] + 200
    surface.press("Home", "ArrowUp")
    assert passage(surface) == "A"

    assert pressed(surface, "Control+End") == "window"
    surface.press("PageUp")
    assert surface.page.evaluate("scrollY") > 0
    assert pressed(surface, "Control+Home") == "Ankara"
    assert pressed(surface, "PageDown") != "Ankara"


def caret_box(surface: SurfacePage) -> dict[str, float]:
    return surface.page.evaluate(
        """() => {
          const { x, y } = document.querySelector(".beam").getBoundingClientRect();
          return { x: x + scrollX, y: y + scrollY };
        }"""
    )


def test_one_key_takes_the_whole_paragraph_and_one_copies_it(surface: SurfacePage) -> None:
    surface.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert pressed(surface, "ArrowRight", "Control+a").startswith("Ankara „welcomed“")

    surface.press("Control+c")

    assert surface.page.evaluate("navigator.clipboard.readText()") == TEXT.partition("\n")[0]


def test_the_caret_is_seen_only_while_the_text_has_the_focus(surface: SurfacePage) -> None:
    beam = surface.page.locator(".beam")
    surface.press("ArrowRight", "Alt+ArrowRight")
    assert passage(surface) == ""
    expect(beam).to_be_visible()

    surface.page.locator("#show-keys").focus()

    expect(beam).to_be_hidden()


def test_the_caret_stands_where_rows_begin_and_on_blank_lines(surface: SurfacePage) -> None:
    beam = surface.page.locator(".beam")
    pressed(surface, *["Control+ArrowDown"] * 3, "ArrowDown", "End")
    row = caret_box(surface)
    surface.press("Home", "Alt+ArrowLeft")
    assert caret_box(surface)["y"] == row["y"]
    assert caret_box(surface)["x"] < row["x"] - 200

    surface.press("Control+Home", "Control+ArrowDown", "Alt+ArrowLeft", "Alt+ArrowLeft")

    assert passage(surface) == ""
    box = beam.bounding_box()
    assert box is not None
    assert 15 < box["height"] < 40


def test_what_is_under_the_caret_is_said(open_surface: Open, desk: Desk, source: Source) -> None:
    make_annotation(source, spans=[(0, 6)])
    make_annotation(source, kind=Kind.QUOTE, spans=[(0, 17)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.text.focus()

    surface.press("ArrowRight")
    news_says(surface.page, "Ankara. Tagged Entity Place, Quote Direct")
    surface.press("Alt+ArrowRight")
    news_says(surface.page, "Space")
    surface.press("ArrowLeft", "Control+Home", "ArrowLeft")
    news_says(surface.page, "Start of the text.")


@pytest.fixture
def stacked(open_surface: Open, desk: Desk, source: Source) -> SurfacePage:
    """Nested, twice on the same words, and across paragraphs."""
    make_annotation(source, kind=Kind.ENTITY, spans=[(29, 33)])
    make_annotation(source, kind=Kind.QUOTE, spans=[(29, 41)])
    make_annotation(source, kind=Kind.FLAG, label="garbled", spans=[(29, 41)])
    make_annotation(source, kind=Kind.CLAIM, spans=[(29, 57)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.text.focus()
    surface.press("Control+ArrowRight", "Control+ArrowRight", "ArrowLeft", "ArrowRight")
    assert passage(surface) == "Baku"
    return surface


def test_tab_goes_through_what_lies_under_the_caret_and_then_on(stacked: SurfacePage) -> None:
    seen = []
    for _ in range(4):
        stacked.press("Tab")
        seen.append(heading(stacked))
        expect(stacked.text).to_be_focused()

    assert [seen[0], sorted(seen[1:3]), seen[3]] == [
        "Entity: Place",
        ["Flag: Garbled", "Quote: Direct"],
        "Claim: Checkable",
    ]
    stacked.press("Shift+Tab")
    assert heading(stacked) == seen[2]
    stacked.press("Tab", "Tab")
    expect(stacked.text).not_to_be_focused()
    stacked.press("Shift+Tab")
    expect(stacked.text).to_be_focused()


def test_enter_goes_round(stacked: SurfacePage) -> None:
    seen = []
    for _ in range(5):
        stacked.press("Enter")
        seen.append(heading(stacked))

    assert len(set(seen)) == 4
    assert seen[4] == seen[0]


def test_the_label_used_last_is_one_key(surface: SurfacePage, desk: Desk, source: Source) -> None:
    surface.press("ArrowRight", ".")
    expect(surface.page.locator("#palette").get_by_role("button", name="Entity")).to_be_visible()
    surface.press("e")
    surface.page.keyboard.type("place")
    surface.press("Enter")
    surface.press("Control+ArrowRight", "Control+ArrowRight", "ArrowLeft", "ArrowRight")
    assert passage(surface) == "Baku"

    surface.press(".")

    expect(surface.items).to_have_count(2)
    surface.wait_until_saved()
    assert {work_document(each)["label"] for each in Annotation.objects.all()} == {"place"}
    surface.open(desk.slug, source.id)
    surface.drag_over("talks")
    first = surface.page.locator("#palette button").first
    expect(first).to_have_text("Entity: Place.")
    first.click()
    expect(surface.items).to_have_count(3)
    surface.wait_until_saved()


def test_the_label_used_last_is_named_among_the_labels(surface: SurfacePage) -> None:
    surface.press("ArrowRight", "e", "3", "ArrowRight", "e")

    place = surface.page.locator("#palette").get_by_role("option", name="Place")
    expect(place).to_contain_text(".")
    surface.press(".")

    expect(surface.items).to_have_count(2)
    surface.wait_until_saved()


def test_keys_lead_to_the_fields_and_back_to_the_text(surface: SurfacePage) -> None:
    surface.press("ArrowRight", "e", "3")
    surface.wait_until_saved()

    surface.press("i")
    expect(surface.inspector.get_by_label("Label")).to_be_focused()
    surface.page.locator("#show-keys").focus()
    surface.press("t")

    expect(surface.text).to_be_focused()


def test_a_part_is_taken_away_by_a_key(surface: SurfacePage) -> None:
    surface.press("ArrowRight", "q", "1", *["ArrowRight"] * 3, "+")
    expect(surface.inspector.locator(".tagged-words li")).to_have_count(2)

    surface.press("-")

    expect(surface.inspector.locator(".tagged-words q")).to_have_text(["Ankara"])
    surface.press("-")
    surface.wait_until_saved()
    assert [part["exact"] for part in work_document(Annotation.objects.get())["spans"]] == [
        "Ankara"
    ]


ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]
KEYS = [
    *(f"{modifiers}{key}" for key in ARROWS for modifiers in ("Alt+", "Alt+Shift+")),
    *(
        f"{modifiers}{key}"
        for key in (*ARROWS, "Home", "End", "PageUp", "PageDown")
        for modifiers in ("", "Shift+", "Control+", "Control+Shift+")
    ),
    "Control+a",
    "Escape",
]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_pressed_the_passage_is_words_without_space_around(
    surface: SurfacePage, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's choice is no secret

    for _ in range(120):
        surface.press(chance.choice(KEYS))
        parts = surface.painted().get("passage", [])
        words = "\n".join(parts)
        assert words == words.strip()
        assert all(parts)
