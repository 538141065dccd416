"""Moving the ends of an annotation's parts, by dragging and by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from annotations.models import Annotation, Desk, Kind, Role, Source
from annotations.queries.annotations.work import work_document
from tests.browser.surface_page import SurfacePage
from tests.factories import make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = (
    "Ankara „welcomed“ the talks. Baku said no on 9 May.\n\nNobody counted the votes in Baku.\n\n"
    "قالت باكو لا في التاسع من مايو."
)
Open = Callable[..., SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk, text=TEXT)


def span_of(*pieces: str) -> list[tuple[int, int]]:
    return [(TEXT.index(piece), TEXT.index(piece) + len(piece)) for piece in pieces]


@pytest.fixture
def open_on(open_surface: Open, desk: Desk, source: Source) -> Callable[..., SurfacePage]:
    """`open_on("Baku said")`: the page with a quote of these parts, selected."""

    def open_page(*pieces: str, **options: Any) -> SurfacePage:
        quote = make_annotation(source, kind=Kind.QUOTE, spans=span_of(*pieces))
        surface = open_surface(member(desk, Role.EDITOR), source, **options)
        surface.open(desk.slug, source.id, f"#a={quote.id}")
        surface.text.focus()
        return surface

    return open_page


def handle(surface: SurfacePage, name: str) -> Locator:
    return surface.page.get_by_role("slider", name=name)


def drag(surface: SurfacePage, name: str, exact: str, where: str, *, release: bool = True) -> None:
    """Take hold of a handle and pull it to an edge (`left` or `right`) of these words."""
    mouse = surface.page.mouse
    target = surface.boxes(exact)["last"]
    at = handle(surface, name).bounding_box()
    assert at is not None
    grip = (at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    edge = surface.page.evaluate(EDGE, name)
    mouse.move(*grip)
    mouse.down()
    x = target[where] + (2 if where == "left" else -2) + grip[0] - edge["x"]
    y = (target["top"] + target["bottom"]) / 2 + grip[1] - edge["y"]
    mouse.move(x, y, steps=5)
    if release:
        mouse.up()


EDGE = """
(name) => {
  const handle = document.querySelector(`.handle[aria-label="${name}"]`);
  const box = handle.getBoundingClientRect();
  const height = parseFloat(handle.style.getPropertyValue("--height"));
  return { x: handle.classList.contains("left") ? box.right : box.left, y: box.top - height / 2 };
}
"""


def parts_of(annotation: UUID | None = None) -> list[str]:
    found = Annotation.objects.get(pk=annotation) if annotation else Annotation.objects.get()
    return [part["exact"] for part in work_document(found)["spans"]]


def versions() -> int:
    return int(work_document(Annotation.objects.get())["version"])


def saved(surface: SurfacePage, *pieces: str) -> None:
    expect(surface.inspector.locator(".tagged-words q")).to_have_text(list(pieces))
    surface.wait_until_saved()
    assert parts_of() == list(pieces)


def test_an_end_is_dragged_to_a_word_and_shown_while_it_moves(open_on: Open) -> None:
    surface = open_on("Baku said")

    drag(surface, "End of the passage", "no on", "right", release=False)
    assert surface.painted()["resized"] == ["Baku said no on"]
    surface.page.mouse.up()

    saved(surface, "Baku said no on")
    assert versions() == 2
    drag(surface, "Start of the passage", "talks", "left")
    saved(surface, "talks. Baku said no on")


def test_alt_drags_by_character(open_on: Open) -> None:
    surface = open_on("Baku said")

    surface.page.keyboard.down("Alt")
    drag(surface, "End of the passage", "Baku sa", "right")
    surface.page.keyboard.up("Alt")

    saved(surface, "Baku sa")


def test_escape_puts_back_what_is_dragged(open_on: Open) -> None:
    surface = open_on("Baku said")

    drag(surface, "End of the passage", "May", "right", release=False)
    surface.press("Escape")
    surface.page.mouse.up()

    assert surface.painted()["selected"] == ["Baku said"]
    expect(surface.inspector.locator("h2")).to_have_text("Quote: Direct")
    assert versions() == 1


def test_an_end_stops_at_its_own_other_end_and_at_the_next_part(open_on: Open) -> None:
    surface = open_on("Ankara „welcomed“", "Baku said")

    drag(surface, "End of part 1 of 2", "9 May", "right")
    saved(surface, "Ankara „welcomed“ the talks.", "Baku said")
    drag(surface, "End of part 2 of 2", "Ankara", "left")
    saved(surface, "Ankara „welcomed“ the talks.", "Baku")


def test_keys_move_the_ends_and_become_one_version(open_on: Open) -> None:
    surface = open_on("said")

    surface.press("[", "}", "}", "}", "{")
    expect(surface.page.locator("#news")).to_contain_text("Now “Baku said no on”")

    saved(surface, "Baku said no on")
    assert versions() == 2
    surface.press("]", "Alt+[", "Alt+{", "Alt+Shift+{")
    saved(surface, "u said no")
    assert versions() == 3


def test_the_keys_move_the_part_at_the_caret(open_on: Open) -> None:
    surface = open_on("Ankara", "said")
    surface.click_on("said")

    surface.press("}")

    saved(surface, "Ankara", "said no")


def test_the_same_keys_move_the_ends_of_a_passage(open_on: Open) -> None:
    surface = open_on("Ankara")
    surface.press("ArrowRight", "ArrowRight")
    assert surface.painted()["passage"] == ["the"]

    surface.press("}", "[", "Alt+}")

    assert surface.painted()["passage"] == ["welcomed“ the talks."]
    assert versions() == 1


def test_the_parts_of_a_split_annotation_are_numbered_and_tied_together(open_on: Open) -> None:
    surface = open_on("Ankara", "Baku said")

    assert surface.painted()["between"] == [" „welcomed“ the talks. "]
    expect(surface.inspector.locator(".part-number")).to_have_text(["Part 1 of 2", "Part 2 of 2"])
    surface.press("Enter")
    expect(surface.page.locator("#news")).to_contain_text("in 2 parts")


def test_handles_are_reached_and_moved_by_keys(open_on: Open) -> None:
    surface = open_on("Baku said")

    surface.press("h")
    start = handle(surface, "Start of the passage")
    expect(start).to_be_focused()
    surface.press("ArrowLeft", "Alt+ArrowRight")
    expect(start).to_have_attribute("aria-valuetext", "“alks. Baku said”")
    surface.press("Escape")
    expect(start).to_have_attribute("aria-valuetext", "“Baku said”")

    surface.press("Tab", "ArrowRight", "Enter")

    expect(surface.text).to_be_focused()
    saved(surface, "Baku said no")


def test_handles_follow_the_eye_in_text_from_right_to_left(open_on: Open) -> None:
    surface = open_on("باكو لا")

    surface.press("h", "ArrowRight", "Tab", "ArrowLeft", "Enter")
    saved(surface, "قالت باكو لا في")
    drag(surface, "Start of the passage", "باكو", "right")

    saved(surface, "باكو لا في")


def test_handles_are_large_enough_and_leave_the_words_free(open_on: Open) -> None:
    surface = open_on("said")

    for name in ("Start of the passage", "End of the passage"):
        box = handle(surface, name).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
    surface.click_on("said")
    expect(surface.inspector.locator("h2")).to_have_text("Quote: Direct")


def test_a_finger_drags_an_end(open_on: Open) -> None:
    phone = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
    surface = open_on("Baku said", **phone)
    surface.page.locator("#sheet").click()
    end = handle(surface, "End of the passage")
    at = end.bounding_box()
    assert at is not None
    edge = surface.page.evaluate(EDGE, "End of the passage")
    target = surface.boxes("no on")["last"]
    moved = surface.page.evaluate(EDGE, "End of the passage")
    grip = {"x": moved["x"] + at["width"] / 2, "y": at["y"] + moved["y"] - edge["y"] + 12}
    by = {
        "x": target["right"] - 2 - moved["x"],
        "y": (target["top"] + target["bottom"]) / 2 - moved["y"],
    }

    session = surface.page.context.new_cdp_session(surface.page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [grip]})
    for part in (0.3, 0.7, 1.0):
        point = {"x": grip["x"] + by["x"] * part, "y": grip["y"] + by["y"] * part}
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    saved(surface, "Baku said no on")


def test_a_reader_gets_no_handles(open_surface: Open, desk: Desk, source: Source) -> None:
    make_annotation(source)
    surface = open_surface(member(desk, Role.READER), source)
    surface.click_on("Ankara")

    expect(surface.inspector).to_contain_text("Entity: Place")
    expect(surface.page.get_by_role("slider")).to_have_count(0)
