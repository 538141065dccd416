"""The annotate page as the server writes it."""

from __future__ import annotations

import json
import re
import zlib
from html import unescape

import pytest
from django.test import Client

from annotations.models import Role, Source
from tests.factories import make_desk, make_source, make_user, member

pytestmark = pytest.mark.django_db


def page(source: Source, role: Role = Role.EDITOR) -> str:
    client = Client()
    client.force_login(member(source.desk, role))
    response = client.get(f"/desks/{source.desk.slug}/sources/{source.id}/")
    assert response.status_code == 200
    return response.content.decode()


def data(html: str) -> dict:
    found = re.search(r'<script id="surface-data" type="application/json">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def test_the_text_stands_in_the_page_as_it_is() -> None:
    text = "\n One <b>&amp; „two“\n\n\t𝔸  three </div><script>alert(1)</script>\n" + "long " * 2000
    html = page(make_source(make_desk(), text=text))

    (shown,) = re.findall(r'<div id="text".*?>((?:<div.*?>.*?</div>)*)</div>', html, re.DOTALL)

    assert unescape(re.sub(r"</?(div|span).*?>", "", shown)) == text


def test_the_text_is_not_translated_and_can_be_compared_with_what_the_page_says() -> None:
    text = "Baku said 𝔸\n"
    html = page(make_source(make_desk(), text=text))

    assert re.search(r'<div id="text"[^>]* translate="no"', html)
    assert data(html)["checksum"] == zlib.adler32(text.encode("utf-16-le"))


def test_the_codebook_and_the_addresses_go_along() -> None:
    source = make_source(make_desk())

    surface = data(page(source))

    kinds = [kind["kind"] for kind in surface["codebook"]["kinds"]]
    assert kinds == ["claim", "entity", "quote", "flag"]
    assert surface["urls"]["compact"] in page(source).split("</head>")[0]


@pytest.mark.parametrize(
    ("role", "tag", "decide"),
    [(Role.READER, False, False), (Role.EDITOR, True, False), (Role.REVIEWER, True, True)],
)
def test_the_page_knows_what_its_reader_may_do(role: Role, tag: bool, decide: bool) -> None:
    may = data(page(make_source(make_desk()), role))["may"]

    assert (may["tag"], may["decide"]) == (tag, decide)


def test_strangers_find_no_source_and_visitors_sign_in() -> None:
    source = make_source(make_desk())
    address = f"/desks/{source.desk.slug}/sources/{source.id}/"
    stranger = Client()
    stranger.force_login(make_user())

    assert stranger.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_page_costs_few_statements(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    source = make_source(make_desk())
    client = Client()
    client.force_login(member(source.desk, Role.EDITOR))

    with django_assert_max_num_queries(14):
        client.get(f"/desks/{source.desk.slug}/sources/{source.id}/")
