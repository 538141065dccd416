"""What the annotate page costs to fetch: these are counts, not times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Role
from tests.factories import CORPUS, make_annotation, make_desk, make_source, member

pytestmark = pytest.mark.django_db(transaction=True)
MOST_REQUESTS = 15
MOST_BYTES = 120_000  # on the wire, compressed, with headers


def test_the_first_visit_to_an_article_is_light(sign_in: Callable[..., Page]) -> None:
    desk = make_desk()
    source = make_source(desk, text=(CORPUS / "article.txt").read_text(encoding="utf-8"))
    make_annotation(source, spans=[(0, 4)])
    page = sign_in(member(desk, Role.EDITOR))
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    asked: list[str] = []
    received: list[int] = []

    def ended(event: dict[str, Any]) -> None:
        received.append(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    wire.on("Network.loadingFinished", ended)
    page.goto(f"/desks/{desk.slug}/sources/{source.id}/")
    expect(page.locator("#list .item")).to_have_count(1)
    page.wait_for_timeout(500)

    assert len(asked) <= MOST_REQUESTS, asked
    assert sum(received) <= MOST_BYTES
