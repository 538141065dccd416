"""A book with thousands of annotations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation, Desk, Kind, Role, Source
from annotations.queries.annotations.work import work_document
from annotations.services.tagging.annotations import create_annotations
from annotations.services.tagging.drafts import Draft, Part
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import axe_finds_nothing
from tests.factories import make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., SurfacePage]
NODES = """() => {
  const walker = document.createTreeWalker(document.getElementById("text"));
  let count = 0;
  while (walker.nextNode()) count++;
  return count;
}"""
SENTENCE = "Baku said no, and nobody counted the votes in Ankara on 9 May 2019, as she says. "
TEXTS = {
    "paragraphs": (SENTENCE * 6 + "\n\n") * 2_000,
    "short lines": "Baku said no.\n" * 72_000,
    "one line": SENTENCE * 12_500,
}


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.mark.parametrize("shape", TEXTS)
def test_a_megabyte_is_few_nodes_and_is_tagged_at_its_end(
    open_surface: Open, desk: Desk, shape: str
) -> None:
    text = TEXTS[shape]
    source = make_source(desk, text=text)
    end = text.rindex("Baku")
    make_annotation(source, spans=[(end, end + 4)])
    surface = open_surface(member(desk, Role.EDITOR), source)

    assert surface.page.evaluate(NODES) <= 3_000
    surface.items.first.click()
    expect(surface.inspector).to_contain_text("Entity: Place")
    surface.expect_painted("selected", "Baku")
    surface.text.focus()
    surface.press("ArrowRight", "e", "1")
    surface.wait_until_saved()

    made = work_document(Annotation.objects.order_by("-id")[0])
    (span,) = made["spans"]
    assert text[span["start"] : span["end"]] == span["exact"] == "said"


def many(source: Source, count: int) -> None:
    by = member(source.desk, Role.EDITOR)
    for first in range(0, count, 1_000):
        drafts = [
            Draft(Kind.ENTITY, "place", [Part(number * 80, number * 80 + 4)], fields={})
            for number in range(first, min(first + 1_000, count))
        ]
        create_annotations(source=source, by=by, drafts=drafts)


def test_a_long_list_holds_only_the_rows_in_sight_and_keys_reach_all(
    open_surface: Open, desk: Desk
) -> None:
    source = make_source(desk, text=TEXTS["paragraphs"])
    many(source, 3_000)
    surface = open_surface(member(desk, Role.READER), source)
    expect(surface.page.locator("#list-tally")).to_have_text("3,000")
    assert surface.items.count() < 60

    surface.items.first.focus()
    surface.press("End")
    expect(surface.page.locator("#list li:focus-within")).to_have_attribute("aria-posinset", "3000")
    surface.press("ArrowUp", "PageUp", "Home", "ArrowDown")
    here = surface.page.locator("#list li:focus-within")
    expect(here).to_have_attribute("aria-posinset", "2")
    expect(here).to_have_attribute("aria-setsize", "3000")
    axe_finds_nothing(surface.page)
    surface.page.locator("#list").evaluate("list => list.scrollTo(0, 60_000)")
    surface.page.wait_for_timeout(100)
    expect(here).to_have_attribute("aria-posinset", "2")
    surface.press("Enter")

    expect(surface.inspector).to_contain_text("Entity: Place")
    assert surface.items.count() < 60


def test_annotations_that_do_not_load_are_asked_for_again(
    sign_in: Callable[..., Page], desk: Desk
) -> None:
    source = make_source(desk, text="Baku said no.")
    make_annotation(source, spans=[(0, 4)])
    page = sign_in(member(desk, Role.READER))
    page.route("**/annotations/", lambda route: route.fulfill(status=503))
    page.goto(f"/desks/{desk.slug}/sources/{source.id}/")
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    expect(page.locator("#text")).to_contain_text("Baku said no.")
    axe_finds_nothing(page)

    page.unroute("**/annotations/")
    page.get_by_role("button", name="Try again").click()

    expect(page.locator("#list .item")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
