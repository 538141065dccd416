"""Two people on one source see each other's work without reloading."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotations.models import Desk, Role, Source
from tests.browser.conftest import Programs
from tests.browser.surface_page import SurfacePage
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
    expect(first.page.locator("#news")).to_contain_text("created by somebody else: Baku")


def test_what_happened_while_the_stream_was_cut_is_caught_up(two: Two, programs: Programs) -> None:
    first, second = two
    first.tag("Ankara", "e", "place")
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
