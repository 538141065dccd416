"""The panel beside the text: what it says of state and saving; its buttons stay in sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Desk, Kind, Role, Source, Suggestion
from tests.browser.surface_page import SurfacePage
from tests.factories import make_annotation, make_desk, make_source, member, rejected, submitted

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Baku said no.\nAnkara said nothing. Baku again.\n" + "A line.\n" * 80
CLAIM = "The claim in one sentence"
Open = Callable[..., SurfacePage]
# The pixels of the window that lie below the element's lower edge.
ROOM_BELOW = "(element) => innerHeight - element.getBoundingClientRect().bottom"
# Whether nothing lies over the element's middle.
UNCOVERED = """
(element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}
"""


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk, text=TEXT)


def a_claim(source: Source) -> Annotation:
    fields = {"normalized": "Baku refused.", "claimant": "Baku", "evidence": ["https://a.example/"]}
    return make_annotation(source, kind=Kind.CLAIM, spans=[(0, 12)], fields=fields)


def test_decider_and_author_are_both_named(open_surface: Open, desk: Desk, source: Source) -> None:
    annotation = rejected(make_annotation(source, spans=[(0, 4)]))
    surface = open_surface(member(desk, Role.EDITOR), source)

    surface.click_on("Baku")

    line = surface.inspector.locator(".state-line p").first
    decider = member(desk, Role.REVIEWER).name
    expect(line).to_contain_text(f"Rejected by {decider} · written by {annotation.created_by.name}")


def test_all_saved_never_stands_over_what_is_typed(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    a_claim(source)
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("said")
    expect(surface.status).to_have_text("All saved")

    surface.fill(CLAIM, "Baku said no")

    expect(surface.status).to_have_text("1 unsaved edit")
    expect(surface.items.first).to_contain_text("Unsaved edit")
    expect(surface.inspector).to_contain_text("Unsaved edit")
    surface.press("Escape")
    expect(surface.status).to_have_text("1 unsaved edit")
    surface.click_on("said")
    surface.save()
    expect(surface.status).to_have_text("All saved")
    expect(surface.items.first).not_to_contain_text("Unsaved edit")


def test_a_toasts_undo_goes_with_the_next_step(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source, spans=[(0, 4)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("Baku")
    surface.press("w")
    expect(surface.page.locator("#tagall").get_by_role("checkbox")).to_have_count(1)
    surface.press("Enter")
    expect(surface.toast.get_by_role("button", name="Undo")).to_have_count(1)

    surface.page.locator("#submit-all").click()

    expect(surface.toast).to_contain_text("2 submitted for review.")
    count = surface.page.locator(".desk-nav a", has_text="Review").locator(".count")
    expect(count).to_have_text("2 waiting")
    expect(surface.toast).not_to_contain_text("1 tagged.")
    expect(surface.toast.get_by_role("button", name="Undo")).to_have_count(0)
    surface.wait_until_saved()
    assert set(Annotation.objects.present().values_list("head__state", flat=True)) == {"submitted"}
    surface.press("Control+z")
    expect(surface.toast).to_contain_text("Undone: submit 2 drafts.")
    expect(surface.toast).not_to_contain_text("2 submitted for review.")
    surface.wait_until_saved()
    assert set(Annotation.objects.present().values_list("head__state", flat=True)) == {"draft"}
    expect(count).to_have_count(0)
    surface.press("Control+z")
    expect(surface.items).to_have_count(1)


def test_restored_goes_once_the_edit_is_saved(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    a_claim(source)
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("said")
    surface.fill(CLAIM, "Baku said no")
    expect(surface.status).to_have_text("1 unsaved edit")
    surface.page.reload()
    expect(surface.toast).to_contain_text("Unsaved changes restored.")

    surface.click_on("said")
    surface.save()

    expect(surface.toast).not_to_contain_text("Unsaved changes restored.")


def test_toasts_cover_little_of_the_text(open_surface: Open, desk: Desk, source: Source) -> None:
    for start, end in [(0, 4), (14, 20), (35, 39)]:
        make_annotation(source, spans=[(start, end)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    for words in ["Baku", "Ankara"]:
        surface.click_on(words)
        surface.press("Delete")
    expect(surface.toast.locator(".toast")).to_have_text(["Deleted.Undo×"])
    surface.text.focus()
    surface.press("l")
    surface.press("Control+z", "Control+z", "Control+z")

    expect(surface.toast.locator(".toast")).to_have_count(2)
    expect(surface.toast.locator(".toast").last).to_contain_text("There is nothing to undo.")
    box = surface.toast.bounding_box()
    assert box
    assert box["x"] < 40
    assert box["height"] < 120


def test_an_unfinished_tag_is_not_left_unawares(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source, spans=[(35, 39)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.tag("Ankara said nothing", "c", "checkable")
    surface.fill(CLAIM, "Ankara kept")
    expect(surface.items).to_have_count(2)
    gap = surface.text.locator(".block").last.evaluate("(block) => getComputedStyle(block).margin")
    assert gap == "0px"  # else a blank line between two blocks is higher than others
    current = surface.page.locator("#list [aria-current=true]")
    expect(current).to_contain_text("Ankara said nothing")

    surface.items.last.click()

    expect(surface.toast).to_contain_text("Finish or discard the new claim first.")
    expect(current).to_contain_text("Ankara said nothing")
    expect(surface.inspector).to_contain_text("New claim")
    surface.toast.get_by_role("button", name="Close").click()
    surface.click_on("Baku", 1)
    surface.toast.get_by_role("button", name="Close").click()
    surface.text.focus()
    surface.press("Tab")
    expect(surface.toast).to_contain_text("Finish or discard the new claim first.")
    expect(current).to_contain_text("Ankara said nothing")
    surface.toast.get_by_role("button", name="Discard").click()
    expect(surface.items).to_have_count(1)
    expect(surface.page.locator("#list [aria-current=true]")).to_have_count(0)
    surface.toast.get_by_role("button", name="Undo").click()
    expect(surface.inspector.get_by_label(CLAIM)).to_have_value("Ankara kept")

    surface.press("Escape")
    expect(surface.toast).to_contain_text("Press Escape again to discard it.")
    surface.press("Escape")
    expect(surface.items).to_have_count(1)
    surface.toast.get_by_role("button", name="Undo").click()
    expect(surface.inspector.get_by_label(CLAIM)).to_have_value("Ankara kept")
    surface.inspector.get_by_role("button", name="Close").click()
    expect(surface.toast).to_contain_text("New claim discarded.")
    expect(surface.items).to_have_count(1)


def test_typing_the_saved_words_again_leaves_nothing_unsaved(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    a_claim(source)
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("said")

    surface.fill(CLAIM, "Something else")
    surface.fill(CLAIM, "Baku refused.")

    expect(surface.status).to_have_text("All saved")


def test_an_unsent_comment_is_named(open_surface: Open, desk: Desk, source: Source) -> None:
    make_annotation(source, spans=[(0, 4)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("Baku")

    surface.press("m")
    surface.page.keyboard.type("Is that so?")

    expect(surface.status).to_have_text("1 unsent comment")


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (390, 844)])
@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_what_can_be_done_stays_in_sight(
    open_surface: Open, desk: Desk, source: Source, size: tuple[int, int], role: Role
) -> None:
    annotation = a_claim(source)
    if role == Role.REVIEWER:
        submitted(annotation)
    width, height = size
    user = member(desk, role)
    surface = open_surface(user, source, viewport={"width": width, "height": height})

    surface.click_on("said")

    for name in ["Save"] if role == Role.EDITOR else ["Save", "Approve", "Return", "Reject"]:
        button = surface.inspector.get_by_role("button", name=name, exact=True)
        assert button.evaluate(ROOM_BELOW) >= 0
        assert button.evaluate(UNCOVERED)


def test_empty_optional_fields_are_folded_and_open_for_an_error(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source, kind=Kind.CLAIM, spans=[(0, 12)], fields={"normalized": "No."})
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("said")
    evidence = surface.inspector.get_by_label("Evidence")
    expect(evidence).to_be_hidden()

    surface.unfold("Evidence")
    evidence.fill("nowhere")
    surface.inspector.locator(".more-fields > summary").click()
    surface.inspector.get_by_role("button", name="Save", exact=True).click()

    expect(surface.inspector.locator(".field-error:visible")).to_contain_text("not a web address")


def test_a_submitted_tag_is_taken_back(open_surface: Open, desk: Desk, source: Source) -> None:
    annotation = submitted(make_annotation(source, spans=[(0, 4)]))
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("Baku")

    surface.inspector.get_by_role("button", name="Take back").click()

    expect(surface.inspector.locator(".state").first).to_have_text("Draft")
    surface.wait_until_saved()
    annotation.refresh_from_db()
    assert annotation.head is not None
    assert (annotation.head.state, annotation.head.number) == ("draft", 1)
    surface.press("Control+z")
    expect(surface.inspector.locator(".state").first).to_have_text("In review")


def test_the_same_tag_twice_is_said_and_can_be_insisted_on(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source, spans=[(0, 4)])
    surface = open_surface(member(desk, Role.EDITOR), source)

    surface.tag("Baku", "e", "place")

    expect(surface.toast).to_contain_text("You have already tagged this.")
    expect(surface.items).to_have_count(1)
    surface.toast.get_by_role("button", name="Open it").click()
    expect(surface.inspector).to_contain_text("Entity: Place")
    surface.tag("Baku", "e", "place")
    surface.toast.get_by_role("button", name="Tag it again").click()
    expect(surface.items).to_have_count(2)


def test_looking_with_tag_all_records_nothing(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source, spans=[(0, 4)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("Baku")

    surface.press("w")
    expect(surface.page.locator("#tagall").get_by_role("checkbox")).to_have_count(1)
    surface.press("Escape")

    assert not Suggestion.objects.exists()


def test_kinds_are_shown_and_hidden_by_checkboxes(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source, spans=[(0, 4)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    shown = surface.page.get_by_role("group", name="Show")

    shown.get_by_role("checkbox", name="Entity").uncheck()

    expect(surface.items).to_have_count(0)
    shown.get_by_role("checkbox", name="Entity").check()
    expect(surface.items).to_have_count(1)
