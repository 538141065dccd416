"""Choosing records of the register and other annotations, by keys and by mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Route, expect

from annotations.models import Annotation, Desk, Kind, RelationType, Role, Source
from annotations.queries.annotations.work import work_document
from annotations.services.tagging.drafts import Link
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import LOOKS
from tests.factories import make_annotation, make_desk, make_entity, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk)


@pytest.fixture
def elsewhere(desk: Desk) -> Annotation:
    """A claim in another source."""
    other = make_source(desk, title="The other paper", text="Envoys say Baku agreed.")
    fields = {"normalized": "Baku agreed to the talks."}
    return make_annotation(other, kind=Kind.CLAIM, spans=[(0, 23)], fields=fields)


def options(surface: SurfacePage) -> Locator:
    return surface.page.locator(".options").get_by_role("option")


def record(surface: SurfacePage) -> Locator:
    return surface.inspector.get_by_label("Register record")


def links(surface: SurfacePage) -> Locator:
    return surface.inspector.locator(".relations > ul > li")


def test_a_claim_contradicts_one_of_another_source(
    open_surface: Open, desk: Desk, source: Source, elsewhere: Annotation
) -> None:
    claim = make_annotation(source, kind=Kind.CLAIM, spans=[(29, 51)])
    make_annotation(source, spans=[(29, 33)])  # no claim: cannot be contradicted
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.items.first.click()

    surface.inspector.get_by_label("Relation", exact=True).select_option("contradicts")
    box = surface.inspector.get_by_label("Other annotation")
    box.focus()
    surface.page.keyboard.type("agreed")
    expect(options(surface)).to_have_count(1)
    expect(options(surface)).to_contain_text("in The other paper")
    surface.press("Enter")

    expect(links(surface)).to_have_count(1)
    expect(links(surface)).to_contain_text("Envoys say Baku agreed.")
    expect(links(surface)).to_contain_text("in The other paper")
    surface.wait_until_saved()
    [relation] = work_document(claim)["relations"]
    assert (relation["type"], relation["to"]) == ("contradicts", str(elsewhere.id))


def test_a_link_leads_to_the_annotation_in_the_other_source(
    open_surface: Open, desk: Desk, source: Source, elsewhere: Annotation
) -> None:
    make_annotation(
        source,
        kind=Kind.CLAIM,
        links=[Link(RelationType.CONTRADICTS, elsewhere.id)],
    )
    surface = open_surface(member(desk, Role.READER), source)
    surface.items.first.click()

    links(surface).get_by_role("link", name="Envoys say Baku agreed.").click()

    expect(surface.page.get_by_role("heading", level=1)).to_have_text("The other paper")
    expect(surface.page.locator("#list .item[aria-current]")).to_contain_text("Envoys")


def test_what_this_source_has_comes_first(
    open_surface: Open, desk: Desk, source: Source, elsewhere: Annotation
) -> None:
    make_annotation(source, kind=Kind.CLAIM, spans=[(0, 27)])
    make_annotation(source, kind=Kind.CLAIM, spans=[(29, 51)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.items.first.click()
    surface.inspector.get_by_label("Relation", exact=True).select_option("repeats")

    surface.inspector.get_by_label("Other annotation").fill("baku")

    expect(options(surface)).to_have_count(2)
    expect(options(surface).first).to_contain_text("Baku said no on 9 May.")
    expect(options(surface).last).to_contain_text("The other paper")


def test_a_record_is_chosen_by_keys_and_keeps_its_name(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_entity(desk, "Baku", "organization")
    baku = make_entity(desk, "Baku", aliases=["Bakı", "Bakou"], wikidata="Q9248")
    annotation = make_annotation(source, spans=[(29, 33)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.items.first.click()

    record(surface).focus()
    surface.page.keyboard.type("bak")
    expect(options(surface)).to_have_count(3)
    expect(options(surface).nth(1)).to_contain_text("place · also Bakı, Bakou · Q9248")
    expect(options(surface).last).to_have_text("Add “bak” to the register")
    surface.press("ArrowDown")
    expect(options(surface).nth(1)).to_have_attribute("aria-selected", "true")
    surface.press("Enter")
    expect(record(surface)).to_have_value("Baku (place)")
    expect(options(surface)).to_have_count(0)
    surface.press("Control+Enter")
    surface.wait_until_saved()
    expect(record(surface)).to_have_value("Baku (place)")

    assert work_document(annotation)["fields"] == {"entity": str(baku.id)}
    surface.page.reload()
    expect(record(surface)).to_have_value("Baku (place)")


def test_escape_puts_the_list_away_and_nothing_else(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_entity(desk, "Baku")
    make_annotation(source, spans=[(29, 33)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.items.first.click()
    record(surface).focus()
    surface.page.keyboard.type("bak")
    expect(options(surface)).to_have_count(2)

    surface.press("Escape")

    expect(options(surface)).to_have_count(0)
    expect(record(surface)).to_be_focused()
    expect(record(surface)).to_have_value("bak")


def test_a_late_answer_does_not_overwrite_a_newer_one(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_entity(desk, "Baku")
    make_entity(desk, "Ankara")
    make_annotation(source, spans=[(29, 33)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    surface.page.route("**/entities?q=ba", hold)
    surface.items.first.click()

    record(surface).fill("ba")
    surface.page.wait_for_timeout(400)
    record(surface).fill("ank")
    expect(options(surface).first).to_contain_text("Ankara")
    assert late
    for route in late:
        route.continue_()
    surface.page.wait_for_timeout(300)

    expect(options(surface).first).to_contain_text("Ankara")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_open_lists_stand_in_nobodys_way(
    open_surface: Open, source: Source, elsewhere: Annotation, scheme: str, width: int
) -> None:
    make_entity(source.desk, "Baku", aliases=["Bakı"], wikidata="Q9248")
    entity = make_annotation(source, spans=[(29, 33)])
    claim = make_annotation(
        source,
        kind=Kind.CLAIM,
        spans=[(29, 51)],
        links=[Link(RelationType.SUPPORTS, elsewhere.id)],
    )
    make_annotation(source, kind=Kind.CLAIM, spans=[(29, 41)])
    surface = open_surface(
        member(source.desk, Role.EDITOR),
        source,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    for annotation, label in ((entity, "Register record"), (claim, "Other annotation")):
        surface.page.evaluate("hash => { location.hash = hash }", f"a={annotation.id}")
        box = surface.inspector.get_by_label(label)
        box.scroll_into_view_if_needed()
        box.fill("bak")
        expect(options(surface).first).to_be_visible()

        found = Axe().run(surface.page)

        assert found.violations_count == 0, found.generate_report()
        assert surface.page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_not_sent_yet_can_be_linked_and_goes_first(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    claim = make_annotation(source, kind=Kind.CLAIM, spans=[(29, 51)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.page.context.set_offline(True)
    surface.tag("Ankara", "e", "place")
    surface.items.filter(has_text="Baku").click()
    surface.inspector.get_by_label("Relation", exact=True).select_option("about")
    surface.inspector.get_by_label("Other annotation").fill("ankara")
    options(surface).filter(has_text="Ankara").click()
    expect(surface.status).to_contain_text("Offline: 2 waiting")

    surface.page.context.set_offline(False)

    surface.wait_until_saved()
    expect(links(surface)).to_contain_text("Ankara")
    entity = Annotation.objects.get(kind=Kind.ENTITY)
    assert [each["to"] for each in work_document(claim)["relations"]] == [str(entity.id)]
