"""The reading room in a browser, for a reader who has signed in nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from annotations.models import Annotation, Desk, Kind
from tests.browser.conftest import Programs
from tests.browser.test_looks import LOOKS, axe_finds_nothing, tagged_article
from tests.factories import approved, make_annotation, make_desk, make_source

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def somebody_elses_page(html: str) -> Iterator[str]:
    """Its address, of another origin on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def open_room(programs: Programs, browser: Browser, **options: Any) -> tuple[Page, Desk]:
    """The front page of a public desk with the sample article, and what goes wrong is an error."""
    source = tagged_article()
    Desk.objects.filter(id=source.desk_id).update(is_public=True)
    page = browser.new_context(base_url=programs.url, **options).new_page()
    page.on("console", lambda said: pytest.fail(said.text) if said.type == "error" else None)
    page.goto(f"/read/{source.desk.slug}/")
    return page, source.desk


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_every_page_of_the_room_is_for_everybody(
    programs: Programs, browser: Browser, theme: str, width: int
) -> None:
    options = {"color_scheme": theme, "viewport": {"width": width, "height": 900}}
    page, desk = open_room(programs, browser, **options)
    published = Annotation.objects.published().filter(desk=desk)
    claim = published.filter(kind="claim").first() or published[0]
    addresses = [
        page.url,
        f"/read/{desk.slug}/sources/{claim.source_id}/",
        f"/read/{desk.slug}/claims/",
        f"/read/{desk.slug}/quotes/",
        f"/read/{desk.slug}/entities/",
        f"/read/{desk.slug}/passages/{claim.id}/",
        f"/read/{desk.slug}/passages/{claim.id}/card",
        f"/read/{desk.slug}/releases/",
        "/read/",
        "/",
    ]
    for address in addresses:
        page.goto(address)
        axe_finds_nothing(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_by_keyboard_from_the_words_to_what_is_said_of_them_and_back(
    programs: Programs, browser: Browser
) -> None:
    page, desk = open_room(programs, browser)
    page.get_by_role("link", name="Turkey Azerbaijan Military Agreement").first.click()

    words = page.locator("a.tagged").first
    text = words.inner_text()
    words.focus()
    page.keyboard.press("Enter")
    note = page.locator(".reading-note:target")
    expect(note).to_contain_text(text)

    note.get_by_role("link", name="In the text").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".begin:target")).to_be_attached()
    note_id = page.url.partition("#a-")[2]
    page.goto(f"/read/{desk.slug}/passages/{note_id}/")
    page.get_by_role("link", name="Read it in the text").click()
    expect(page.locator(f"#a-{note_id}")).to_be_attached()


def test_the_card_stands_in_a_page_of_somebody_else(programs: Programs, browser: Browser) -> None:
    page, desk = open_room(programs, browser)
    shown_there = Annotation.objects.published().filter(desk=desk)[0]
    card = f"{programs.url}/read/{desk.slug}/passages/{shown_there.id}/card"
    elsewhere = browser.new_page()
    with somebody_elses_page(f'<iframe src="{card}" width="560" height="260"></iframe>') as address:
        elsewhere.goto(address)

        shown = elsewhere.frame_locator("iframe")
        expect(shown.get_by_text(desk.name)).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("height", [200, 260, 340])
def test_the_longest_card_fits_its_frame_at_any_width(
    programs: Programs, browser: Browser, height: int
) -> None:
    desk = make_desk(is_public=True)
    Desk.objects.filter(id=desk.id).update(name="A desk with a name that is rather long" * 2)
    text = "Baku and Ankara have reportedly reached an agreement on the delivery of drones. " * 12
    source = make_source(desk, text=text, title="A title of many words " * 10, publisher="P" * 90)
    fields = {
        "normalized": "Azerbaijan and Turkey agreed on drone deliveries worth a lot. " * 8,
        "claimant": "A newspaper with a long name " * 5,
        "verdict": "disputed",
    }
    claim = make_annotation(source, kind=Kind.CLAIM, spans=[(0, 900)], fields=fields)
    card = f"{programs.url}/read/{desk.slug}/passages/{approved(claim).id}/card"
    page = browser.new_page()

    for width in (240, 320, 560, 900):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(card)
        fits = "e => e.scrollHeight <= innerHeight && e.scrollWidth <= innerWidth"
        assert page.locator("html").evaluate(fits), (width, height)
        assert page.locator(".from").evaluate(
            "e => e.getBoundingClientRect().bottom <= innerHeight"
        )
