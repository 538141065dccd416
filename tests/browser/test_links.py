"""Addresses that lead to a passage or an annotation."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Desk, Role, Source
from tests.browser.surface_page import SurfacePage
from tests.factories import make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "🎉 Baku said no.\n" + "Nobody counted.\n" * 80 + "Ankara, then, said no - again."
Open = Callable[..., SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk, text=TEXT)


def opened(page: Page, source: Source, fragment: str) -> SurfacePage:
    return SurfacePage(page).open(source.desk.slug, source.id, fragment)


@pytest.mark.parametrize(
    ("fragment", "exact"),
    [
        (f"#s={TEXT.index('said no -')}-{TEXT.index(' - again')}", "said no"),
        ("#text=then,-,said%20no", None),
        ("#text=said%20no,-%2D", "said no"),
        ("#text=Ankara%2C%20then-,%2C%20said", ", said"),
        ("#text=Ankara,again", "Ankara, then, said no - again"),
    ],
)
def test_an_address_leads_to_a_passage(
    sign_in: Callable[..., Page], desk: Desk, source: Source, fragment: str, exact: str | None
) -> None:
    page = sign_in(member(desk, Role.READER), reduced_motion="reduce")
    surface = opened(page, source, fragment)

    if exact is None:
        assert "linked" not in surface.painted()
    else:
        surface.expect_painted("linked", exact)
        assert page.evaluate("scrollY") > 500
        expect(surface.text).to_be_focused()


def test_the_link_to_a_passage_leads_back_to_it(
    sign_in: Callable[..., Page], desk: Desk, source: Source
) -> None:
    page = sign_in(member(desk, Role.EDITOR), permissions=["clipboard-read", "clipboard-write"])
    surface = opened(page, source, "")
    surface.drag_over("then, said no - again")
    surface.page.locator("#palette").get_by_role("button", name="Copy link").click()
    expect(surface.toast).to_contain_text("Link to the passage copied")
    address = page.evaluate("navigator.clipboard.readText()")
    assert ":~:text=Ankara%2C-,then%2C%20said%20no%20%2D%20again" in address

    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("#list")).to_have_attribute("aria-busy", "false")

    surface.expect_painted("linked", "then, said no - again")


def test_the_link_to_an_annotation_selects_it(
    sign_in: Callable[..., Page], desk: Desk, source: Source
) -> None:
    make_annotation(source, spans=[(2, 6)])
    page = sign_in(member(desk, Role.READER), permissions=["clipboard-read", "clipboard-write"])
    surface = opened(page, source, "")
    surface.click_on("Baku")
    surface.press("l")
    expect(surface.toast).to_contain_text("Link to the annotation copied")
    address = page.evaluate("navigator.clipboard.readText()")
    surface.press("Escape")

    page.goto("about:blank")
    page.goto(address)

    expect(surface.inspector).to_contain_text("Entity: Place")


def test_the_way_back_leads_to_what_was_selected_before(
    open_surface: Open, desk: Desk, source: Source
) -> None:
    make_annotation(source, spans=[(2, 6)])
    make_annotation(source, label="person", spans=[(7, 11)])
    surface = open_surface(member(desk, Role.EDITOR), source)
    surface.items.nth(0).click()
    expect(surface.page).to_have_url(re.compile("#a="))
    first = surface.page.url
    surface.items.nth(1).click()
    expect(surface.page).not_to_have_url(first)

    surface.page.go_back()
    expect(surface.inspector).to_contain_text("Entity: Place")
    surface.page.go_forward()

    expect(surface.inspector).to_contain_text("Entity: Person")


def test_what_an_address_no_longer_leads_to_does_no_harm(
    sign_in: Callable[..., Page], desk: Desk, source: Source
) -> None:
    page = sign_in(member(desk, Role.EDITOR))

    surface = opened(page, source, "#a=0198c0de-0000-7000-8000-000000000000")

    expect(surface.inspector).to_contain_text("Select a passage")
