"""Selecting and tagging, by mouse and by keys alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotations.models import Annotation, Desk, Kind, Role, Source
from annotations.queries.annotations.work import work_document
from tests.browser.surface_page import SurfacePage
from tests.factories import make_annotation, make_desk, make_entity, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Ankara „welcomed“ the talks. Baku said no on 9 May.\n\nNobody 𝔠ounted the votes in Baku."
Open = Callable[..., SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk, text=TEXT)


@pytest.fixture
def surface(open_surface: Open, desk: Desk, source: Source) -> SurfacePage:
    return open_surface(member(desk, Role.EDITOR), source)


def only() -> dict:
    return work_document(Annotation.objects.get())


def test_a_passage_is_tagged_by_mouse_and_shown_at_once(surface: SurfacePage) -> None:
    surface.drag_over("Baku")
    surface.page.locator("#palette").get_by_role("button", name="Entity").click()
    surface.page.get_by_role("option", name="Place").click()

    assert surface.painted()["entity-0"] == ["Baku"]
    expect(surface.items).to_have_count(1)
    expect(surface.inspector).to_contain_text("Entity: Place")
    surface.wait_until_saved()
    assert (only()["kind"], only()["label"]) == ("entity", "place")
    assert only()["spans"] == [{"start": 29, "end": 33, "exact": "Baku"}]


def test_a_selection_snaps_to_words_unless_alt_is_held(surface: SurfacePage) -> None:
    surface.drag_over("aku said n")
    assert surface.painted()["passage"] == ["Baku said no"]

    surface.press("Escape", "Escape")
    surface.page.keyboard.down("Alt")
    surface.drag_over("aku said n")
    surface.page.keyboard.up("Alt")
    assert surface.painted()["passage"] == ["aku said n"]


@pytest.mark.parametrize(("text", "exact"), [
    ("Of Armenia's wish.", "Armenia"), ("Prese dell’ascensore.", "ascensore"),
    ("The Baku-based group.", "based"), ("S-400/S-300 came.", "300"),
])  # fmt: skip
def test_what_is_selected_beside_a_mark_is_not_widened(
    open_surface: Open, desk: Desk, text: str, exact: str
) -> None:
    surface = open_surface(member(desk, Role.EDITOR), make_source(desk, text=text))

    surface.tag(exact, "e", "other")

    surface.wait_until_saved()
    assert [span["exact"] for span in only()["spans"]] == [exact]


def test_a_claim_is_created_once_its_required_field_is_filled_in(surface: SurfacePage) -> None:
    surface.tag("Baku said no on 9 May.", "c", "checkable")
    surface.inspector.get_by_role("button", name="Save").click()
    expect(surface.inspector.locator(".field-error:visible")).to_contain_text("is required")
    assert not Annotation.objects.exists()

    surface.fill("The claim in one sentence", "Baku said no on 9 May.")
    surface.press("Control+Enter")

    expect(surface.items).to_have_count(1)
    surface.wait_until_saved()
    assert only()["fields"] == {"normalized": "Baku said no on 9 May."}


def test_a_whole_tag_is_made_by_keys_alone(surface: SurfacePage) -> None:
    surface.text.focus()
    surface.press("ArrowRight")
    assert surface.painted()["passage"] == ["Ankara"]
    surface.press("Control+ArrowRight", "Control+ArrowRight")
    assert surface.painted()["passage"] == ["Baku said no on 9 May."]
    surface.press("ArrowLeft", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    assert surface.painted()["passage"] == ["Baku said no"]
    surface.press("c", "1")
    surface.page.keyboard.type("Baku said no.")
    surface.press("Control+Enter")
    expect(surface.inspector).to_contain_text("Claim: Checkable")
    surface.wait_until_saved()
    surface.press("s")

    expect(surface.inspector.locator(".state").first).to_have_text("In review")
    surface.wait_until_saved()
    assert only()["spans"] == [{"start": 29, "end": 41, "exact": "Baku said no"}]
    assert only()["state"] == "submitted"


def test_keys_reach_the_next_paragraph_and_enter_selects_what_is_there(
    surface: SurfacePage,
) -> None:
    surface.tag("Nobody", "e", "other")
    surface.press("Escape", "Escape")
    surface.text.focus()
    surface.press("Home", "ArrowDown")
    assert surface.painted()["passage"] == ["Nobody"]

    surface.press("Enter")

    expect(surface.inspector).to_contain_text("Entity: Other")


def test_a_second_part_makes_a_split_quote_and_can_be_taken_away(surface: SurfacePage) -> None:
    surface.tag("„welcomed“", "q", "direct")
    surface.wait_until_saved()
    surface.drag_over("said no")
    surface.press("+")
    expect(surface.inspector.locator(".tagged-words li")).to_have_count(2)
    surface.wait_until_saved()
    assert [span["exact"] for span in only()["spans"]] == ["„welcomed“", "said no"]

    surface.inspector.get_by_role("button", name="Remove the part “said no”").click()

    expect(surface.inspector.locator(".tagged-words li")).to_have_count(1)
    surface.wait_until_saved()
    assert [span["exact"] for span in only()["spans"]] == ["„welcomed“"]


def test_the_passage_is_replaced_by_the_selection(surface: SurfacePage) -> None:
    surface.tag("Baku", "e", "place")
    surface.wait_until_saved()
    surface.drag_over("Ankara")

    surface.inspector.get_by_role("button", name="Replace by selection").click()

    expect(surface.inspector.locator(".tagged-words q")).to_have_text("Ankara")
    surface.wait_until_saved()
    assert only()["spans"] == [{"start": 0, "end": 6, "exact": "Ankara"}]


def test_repeated_clicks_cycle_through_what_lies_there(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source, kind=Kind.CLAIM, spans=[(29, 51)])
    make_annotation(source, kind=Kind.QUOTE, spans=[(29, 41)])
    make_annotation(source, kind=Kind.ENTITY, spans=[(29, 33)])
    surface = open_surface(member(desk, Role.EDITOR), source)

    titles = []
    for _ in range(4):
        surface.click_on("Baku")
        titles.append(surface.inspector.locator("h2").inner_text())

    assert titles == ["Entity: Place", "Quote: Direct", "Claim: Checkable", "Entity: Place"]
    lanes = {name for name in surface.painted() if name[-1].isdigit()}
    assert lanes == {"claim-0", "quote-1", "entity-2"}


def test_a_relation_is_made_from_the_list_and_by_clicking_in_the_text(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    quote = make_annotation(source, kind=Kind.QUOTE, spans=[(7, 17)])
    ankara = make_annotation(source, spans=[(0, 6)])
    baku = make_annotation(source, spans=[(29, 33)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.click_on("welcomed")

    surface.page.get_by_label("Other annotation").fill("ank")
    surface.page.locator(".options").get_by_role("option", name="Ankara").click()
    expect(surface.inspector.locator(".relations > ul > li")).to_have_count(1)
    surface.inspector.get_by_role("button", name="Pick in text").click()
    surface.click_on("Baku")

    expect(surface.inspector.locator(".relations > ul > li")).to_have_count(2)
    surface.wait_until_saved()
    linked = {(each["type"], each["to"]) for each in work_document(quote)["relations"]}
    assert linked == {("said_by", str(ankara.id)), ("said_by", str(baku.id))}


def test_an_entity_field_is_filled_from_the_register(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    record = make_entity(desk, "Baku")
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.tag("Baku", "e", "place")

    field = surface.inspector.get_by_label("Register record")
    field.fill("Ba")
    surface.page.locator(".options").get_by_role("option", name="Baku").click()
    expect(field).to_have_value("Baku (place)")
    surface.save()

    assert only()["fields"] == {"entity": str(record.id)}


def test_a_record_that_is_missing_is_added_to_the_register(
    surface: SurfacePage, desk: Desk
) -> None:
    surface.tag("Baku", "e", "place")
    surface.wait_until_saved()
    surface.fill("Register record", "City of Baku")

    surface.page.get_by_role("option", name="Add “City of Baku” to the register").click()
    expect(surface.inspector.get_by_label("Register record")).to_have_value("City of Baku (place)")
    surface.save()

    record = desk.entities.get()
    assert (record.name, record.type) == ("City of Baku", "place")
    assert only()["fields"] == {"entity": str(record.id)}


def test_a_reader_sees_everything_and_is_offered_nothing(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source)
    surface = open_surface(member(desk, Role.READER), source)
    surface.click_on("Ankara")

    expect(surface.inspector).to_contain_text("Entity: Place")
    expect(surface.inspector.get_by_role("button", name="Save")).to_have_count(0)
    surface.text.focus()
    surface.press("ArrowRight", "e")
    expect(surface.page.locator("#palette")).to_be_hidden()


def test_hiding_a_kind_takes_it_out_of_text_and_list(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source)
    make_annotation(source, kind=Kind.CLAIM, spans=[(29, 51)])
    surface = open_surface(member(desk, Role.EDITOR), source)

    surface.page.get_by_role("checkbox", name="Claim 1").uncheck()

    expect(surface.items).to_have_count(1)
    assert [name for name in surface.painted() if name[-1].isdigit()] == ["entity-0"]
