"""From the article's text to three published annotations, as people and as a consumer do it."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Role, Source
from tests.browser.conftest import Programs
from tests.browser.surface_page import SurfacePage
from tests.factories import CORPUS, make_desk, member

pytestmark = pytest.mark.django_db(transaction=True)
PARTS = ("„does not reflect the true potential of the two countries,“", "„free trade agreement")
CLAIM = "the existing trade turnover of $4.4 billion „does not reflect the true potential"


def test_from_a_pasted_article_to_the_published_api(
    programs: Programs, sign_in: Callable[..., Page], pytestconfig: pytest.Config
) -> None:
    programs.start_worker()
    desk = make_desk(is_public=True)
    text = (CORPUS / "article.txt").read_text(encoding="utf-8")
    results = Path(pytestconfig.getoption("output"))

    page = sign_in(member(desk, Role.EDITOR))
    page.goto(f"/desks/{desk.slug}/sources/new")
    page.locator("textarea[name=text]").fill(text)
    page.locator("input[name=title]").fill("Turkey Azerbaijan Military Agreement")
    page.screenshot(path=results / "path-import.png", full_page=True)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/sources/[0-9a-f-]{36}/"), timeout=30_000)
    source = Source.objects.get()

    surface = SurfacePage(page).open(desk.slug, source.id)
    tag_three(surface)
    page.screenshot(path=results / "path-tagged.png")
    page.get_by_role("button", name="Submit all my 3 drafts").click()
    expect(surface.toast).to_contain_text("3 submitted")

    review = SurfacePage(sign_in(member(desk, Role.REVIEWER))).open(desk.slug, source.id)
    for place in range(3):
        review.items.nth(place).click()
        review.inspector.get_by_role("button", name="Approve").click()
        expect(review.inspector.locator(".state").first).to_have_text("Approved")
    review.page.screenshot(path=results / "path-approved.png")

    published = read(f"{programs.url}/api/v1/desks/{desk.slug}/annotations")["results"]
    assert sorted(each["kind"] for each in published) == ["claim", "entity", "quote"]
    spans = [span for each in published for span in each["spans"]]
    assert len(spans) == 4
    for span in spans:
        assert text[span["start"] : span["end"]] == span["exact"]
    (quote,) = (each for each in published if each["kind"] == "quote")
    assert [span["exact"] for span in quote["spans"]] == list(PARTS)


def tag_three(surface: SurfacePage) -> None:
    """A quote in two parts, an entity inside it, and a claim that overlaps it."""
    surface.tag(PARTS[0], "q", "direct")
    surface.wait_until_saved()
    surface.drag_over(PARTS[1])
    surface.press("+")
    expect(surface.inspector.locator(".tagged-words li")).to_have_count(2)
    surface.wait_until_saved()
    surface.tag("the two countries", "e", "place", nth=1)
    surface.wait_until_saved()
    surface.tag(CLAIM, "c", "checkable")
    surface.fill("The claim in one sentence", "Trade of $4.4 billion is below its potential.")
    surface.save()
    expect(surface.items).to_have_count(3)


def read(url: str) -> dict:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
        return json.load(answer)
