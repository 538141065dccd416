"""The annotate page as the server writes it."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from annotations.models import Role, Source
from annotations.web.surface import lines_of
from tests.factories import make_annotation, make_desk, make_source, make_user, member

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


@given(st.text(alphabet=st.sampled_from("a\n 𝔸é🎉")))
def test_the_lines_of_a_text_are_the_text(text: str) -> None:
    lines = list(lines_of(text))

    assert "\n".join(line.text for line in lines) == text
    for line in lines:
        assert text[line.start : line.start + len(line.text)] == line.text


def test_the_text_stands_in_the_page_as_it_is() -> None:
    text = "One <b>&amp; „two“\n\n\t𝔸  three </p><script>alert(1)</script>\n"
    html = page(make_source(make_desk(), text=text))

    lines = re.findall(r'<p class="line" data-start="(\d+)" dir="auto">(.*?)</p>', html)

    assert [unescape(words) for _, words in lines] == text.split("\n")
    assert [int(start) for start, _ in lines] == [0, 19, 20, 60]


def test_tags_codebook_and_cursor_go_along() -> None:
    source = make_source(make_desk())
    annotation = make_annotation(source)

    surface = data(page(source))

    assert [each["id"] for each in surface["annotations"]] == [str(annotation.id)]
    assert surface["cursor"] >= 1
    assert [kind["kind"] for kind in surface["codebook"]["kinds"]] == [
        "claim",
        "entity",
        "quote",
        "flag",
    ]


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


def test_the_page_costs_few_statements_however_much_is_tagged(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    source = make_source(make_desk())
    for end in range(1, 21):
        make_annotation(source, spans=[(0, end)])
    client = Client()
    client.force_login(member(source.desk, Role.EDITOR))

    with django_assert_max_num_queries(14):
        client.get(f"/desks/{source.desk.slug}/sources/{source.id}/")
