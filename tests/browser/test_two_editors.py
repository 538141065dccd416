"""Two people on one source see each other's work without reloading."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from annotations.models import Desk, Role, Source
from tests.browser.conftest import Programs
from tests.browser.surface_page import SurfacePage
from tests.browser.test_looks import LOOKS
from tests.factories import add_member, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
Two = tuple[SurfacePage, SurfacePage]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def two(open_surface: Callable[..., SurfacePage], desk: Desk) -> Two:
    source: Source = make_source(desk)
    second = add_member(desk, Role.EDITOR, "Second")
    return open_surface(member(desk, Role.EDITOR), source), open_surface(second, source)


def test_each_sees_the_tags_of_the_other(two: Two) -> None:
    first, second = two

    first.tag("Ankara", "e", "place")
    expect(second.items).to_have_count(1)
    assert second.painted()["entity-0"] == ["Ankara"]
    second.tag("Baku", "e", "place")

    expect(first.items).to_have_count(2)
    expect(first.page.locator("#news")).to_contain_text("created by Second: Baku")


def test_what_happened_while_the_stream_was_cut_is_caught_up(two: Two, programs: Programs) -> None:
    first, second = two
    first.tag("Ankara", "e", "place")
    first.wait_until_saved()
    expect(second.items).to_have_count(1)

    programs.kill_web()
    expect(second.status).to_contain_text("reconnecting")
    first.tag("Baku", "e", "place")
    expect(first.status).to_contain_text("Offline: 1 waiting")
    programs.start_web()

    expect(second.items).to_have_count(2, timeout=20_000)
    expect(second.status).not_to_contain_text("reconnecting")


def test_a_deletion_reaches_the_other(two: Two) -> None:
    first, second = two
    first.tag("Ankara", "e", "place")
    expect(second.items).to_have_count(1)
    first.press("Delete")

    expect(second.items).to_have_count(0)
    assert second.painted() == {}


def test_open_streams_do_not_hold_up_the_end_of_the_server(two: Two, programs: Programs) -> None:
    assert programs.web is not None
    for page in two:
        expect(page.status).to_have_text("All saved")

    programs.web.terminate()

    assert programs.web.wait(timeout=4) in (0, -15)  # uvicorn gives open requests 5 seconds
    for page in two:
        expect(page.status).to_contain_text("reconnecting")


def reader_in(page: SurfacePage, name: str) -> Locator:
    """The initials of this person in the head of the page."""
    readers = page.page.get_by_role("list", name="Others reading this source")
    return readers.get_by_role("button", name=f"{name} is at")


def test_each_sees_who_else_reads_until_they_leave(two: Two) -> None:
    first, second = two

    expect(reader_in(first, "Second")).to_have_text(re.compile("S"))
    expect(first.page.locator(".reader-bar")).to_have_count(1)
    expect(reader_in(second, "Editor")).to_be_visible()
    second.page.goto("about:blank")

    expect(reader_in(first, "Second")).to_have_count(0)
    expect(first.page.locator(".reader-bar")).to_have_count(0)


def test_a_click_on_somebody_leads_to_where_they_read(
    open_surface: Callable[..., SurfacePage], desk: Desk
) -> None:
    source = make_source(desk, text="\n".join(f"Line {number}" for number in range(500)))
    first = open_surface(member(desk, Role.EDITOR), source)
    second = open_surface(add_member(desk, Role.EDITOR, "Second"), source)
    second.boxes("Line 400")  # scrolls there

    expect(reader_in(first, "Second")).to_have_attribute("title", re.compile("Line 3[89]"))
    reader_in(first, "Second").click()

    expect(first.page.get_by_text("Line 400")).to_be_in_viewport()


def test_a_person_with_two_pages_is_one_reader_and_stays_with_the_last(
    two: Two, desk: Desk
) -> None:
    first, second = two
    again = SurfacePage(second.page.context.new_page())
    again.page.goto(second.page.url)
    expect(reader_in(first, "Second")).to_have_count(1)

    again.page.close(run_before_unload=True)

    first.page.wait_for_timeout(2000)
    expect(reader_in(first, "Second")).to_have_count(1)


def test_pages_of_one_browser_share_a_stream(
    open_surface: Callable[..., SurfacePage], two: Two, desk: Desk, browser: Browser
) -> None:
    first, second = two
    other = make_source(desk, title="Another", text="Yerevan and Tbilisi.")
    beside = SurfacePage(second.page.context.new_page()).open(desk.slug, other.id)
    writer = SurfacePage(first.page.context.new_page()).open(desk.slug, other.id)

    first.tag("Ankara", "e", "place")
    writer.tag("Tbilisi", "e", "place")

    expect(second.items).to_have_count(1)
    expect(beside.items).to_have_count(1)
    requested = "performance.getEntriesByType('resource').map((each) => each.name)"
    for page in (second, beside):
        assert not [each for each in page.page.evaluate(requested) if "/live?" in each]
    targets = browser.new_browser_cdp_session().send("Target.getTargets")["targetInfos"]
    assert [each["type"] for each in targets].count("shared_worker") == 2  # one a browser


def test_what_somebody_selected_is_marked_in_the_list(two: Two) -> None:
    first, second = two
    first.tag("Ankara", "e", "place")
    first.wait_until_saved()
    expect(second.items).to_have_count(1)

    expect(reader_in(second, "Editor")).to_have_attribute("title", re.compile("“Ankara”"))
    expect(second.items.first).to_have_css("box-shadow", re.compile("inset"))


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_page_with_others_on_it_is_accessible(
    open_surface: Callable[..., SurfacePage], desk: Desk, scheme: str, width: int
) -> None:
    source = make_source(desk)
    looks = {"color_scheme": scheme, "viewport": {"width": width, "height": 844}}
    first = open_surface(member(desk, Role.EDITOR), source, **looks)
    open_surface(add_member(desk, Role.EDITOR, "Second Person"), source)
    expect(reader_in(first, "Second Person")).to_have_text(re.compile("SP"))

    found = Axe().run(first.page)

    assert found.violations_count == 0, found.generate_report()
    assert first.page.evaluate("document.documentElement.scrollWidth") <= width
    box = reader_in(first, "Second Person").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
