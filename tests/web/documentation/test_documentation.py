"""The documentation on the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoAssertNumQueries, Settings

from annotations.models import Role
from annotations.web.documentation import chapters, documents, search
from project.embedded.layout import CHECKOUT
from tests import factories

pytestmark = pytest.mark.django_db

DOCUMENTS = CHECKOUT / "docs"
SITE = "https://desk.example"


def article(text: str) -> str:
    return text.partition('class="documentation-text"')[2].partition("</article>")[0]


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_a_document_has_its_sections_and_its_links_lead_somewhere(
    client: Client, name: str
) -> None:
    text = client.get(documents.address_of(name)).text
    written = documents.DOCUMENTS[name].read_text(encoding="utf-8")

    for section in re.findall(r"^## (.+)$", re.sub(r"`", "", written), re.MULTILINE):
        assert section in unescape(re.sub("<[^>]+>", "", article(text)))
    on_this_page = re.findall(r'href="#([^"]+)"', text.split('id="main"')[1])
    assert all(text.count(f'id="{anchor}"') == 1 for anchor in on_this_page)
    links = re.findall(r'(?:href|src)="([^"]+)"', article(text))
    assert not [each for each in links if not each.startswith(("https://", "http://", "/", "#"))]
    for path, anchor in {tuple(f"{each}#".split("#")[:2]) for each in links if each[0] == "/"}:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not anchor or f'id="{anchor}"' in answer.text, f"{path}#{anchor}"


def test_every_document_is_in_the_contents_or_in_a_list_of_its_folder() -> None:
    listed = {name for group in documents.contents() for name in group.names}

    others = set(documents.DOCUMENTS) - listed - {documents.CONTENTS}

    assert [group.title for group in documents.contents()] == [
        "Editors and reviewers",
        "Integrators",
        "Operators",
        "Developers",
    ]
    folders = {Path(name).parent.as_posix() for name in others}
    assert folders == {"decisions"}
    index = documents.DOCUMENTS["decisions"].read_text(encoding="utf-8")
    assert all(f"({Path(name).name}.md)" in index for name in others)


def test_every_picture_is_shown_in_a_size_and_is_small() -> None:
    pictures = {name: path for name, path in documents.FILES.items() if name.endswith(".png")}
    written = "".join(path.read_text() for path in documents.DOCUMENTS.values())

    assert len(pictures) >= 8
    for name, path in pictures.items():
        assert f"(images/{path.name})" in written, name
        assert path.stat().st_size < 100_000
    assert re.search(
        r'<img src="/docs/guide/images/import.png" alt="[^"]+" width="\d+" height="\d+"',
        documents.document("guide/importing", SITE).body,
    )


def test_files_are_served_to_be_kept_and_no_others(client: Client) -> None:
    picture = client.get("/docs/guide/images/import.png")
    module = client.get("/docs/client/imprimatur.py")

    assert picture["Content-Type"] == "image/png"
    assert "attachment" not in picture["Content-Disposition"]
    assert "max-age" in picture["Cache-Control"]
    assert b"".join(module) == (DOCUMENTS / documents.CLIENT).read_bytes()  # type: ignore[arg-type]
    assert 'filename="imprimatur.py"' in module["Content-Disposition"]
    assert b"".join(client.get("/api/guide/imprimatur.py"))  # type: ignore[arg-type]
    for path in ["README.md", "../README.md", "..%2Fmanage.py", "api/guide.md", "x", "x/", "%00/"]:
        assert client.get(f"/docs/{path}").status_code == 404, path


def test_an_address_without_its_last_slash_leads_to_the_document(client: Client) -> None:
    assert client.get("/docs/guide/tagging")["Location"] == "/docs/guide/tagging/"


def test_examples_ask_the_site_itself(client: Client, settings: Settings) -> None:
    settings.PUBLIC_URL = SITE

    text = client.get(reverse("guide")).text

    assert f"api={SITE}/api/v1" in text
    assert documents.WRITTEN_ADDRESS not in text
    assert 'rel="canonical" href="/docs/api/guide/"' in text


def test_other_documents_are_no_guide_to_the_api(client: Client) -> None:
    assert client.get("/api/guide/releases").status_code == 200
    assert client.get("/api/guide/operations").status_code == 404


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("tag all", "/docs/guide/tag-all/"),
        ("TAG ALL", "/docs/guide/tag-all/"),
        ("webhook signature", "/docs/api/webhooks/#check-the-signature"),
        ("keyboard", "/docs/guide/keys/"),
        ("withdraw", "/docs/guide/reviewing/#withdraw"),
        ("kéyboard short", "/docs/guide/keys/"),  # accents and ends of words do not matter
        ("quick-start", "/docs/api/quick-start/"),
    ],
)
def test_a_search_finds_headings_before_text(query: str, first: str) -> None:
    found = search.search(query, SITE)

    assert found[0].url == first
    assert len(found) <= search.MOST_FOUND


def test_a_search_finds_what_is_only_in_a_text_with_the_words_around() -> None:
    [found] = search.search("Caddy signs root people trust", SITE)

    assert found.url == "/docs/operations/#the-first-administrator"
    assert "Caddy" in found.excerpt


def test_the_search_page_shows_what_was_asked_and_links(client: Client) -> None:
    found = client.get(reverse("documentation") + "?q=passkeys").text
    nothing = client.get(reverse("documentation") + "?q=xyzzyx").text
    blank = client.get(reverse("documentation") + "?q=%20-%20")

    assert 'value="passkeys"' in found
    assert 'href="/docs/accounts/#second-factors"' in found
    assert "Nothing found" in nothing
    assert blank.status_code == 200


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", "x " * 5_000, "\x00", "🙂", "'\""])
def test_any_query_is_answered(client: Client, query: str) -> None:
    answer = client.get(reverse("documentation") + "?" + urlencode({"q": query}))

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_reading_and_searching_ask_nothing_of_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/docs/")
        client.get("/docs/?q=release")
        client.get("/docs/guide/tagging/")
        client.get("/docs/guide/images/import.png")


def route_names() -> Iterator[str]:
    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns)
            else:
                yield each.name or ""

    return walk(get_resolver().url_patterns)


def test_every_chapter_of_help_is_there_and_is_for_a_page_that_is_there() -> None:
    names = set(route_names())

    assert set(chapters.CHAPTERS) <= names
    assert all(any(name.startswith(start) for name in names) for start in chapters.FAMILIES)
    for chapter in {*chapters.CHAPTERS.values(), *chapters.FAMILIES.values()}:
        name, _, anchor = chapter.partition("#")
        sections = documents.document(name, SITE).sections
        assert not anchor or anchor in {section.anchor for section in sections}, chapter


@pytest.mark.parametrize(
    ("view", "chapter"),
    [
        ("desk", "/docs/guide/first-steps/"),
        ("source_import", "/docs/guide/importing/"),
        ("review", "/docs/guide/reviewing/"),
        ("suggestions", "/docs/guide/tag-all/"),
        ("settings", "/docs/guide/managing-a-desk/"),
        ("keys", "/docs/api/quick-start/"),
        ("webhooks", "/docs/api/webhooks/"),
    ],
)
def test_help_leads_to_the_chapter_of_the_page(client: Client, view: str, chapter: str) -> None:
    desk = factories.make_desk()
    client.force_login(factories.member(desk, Role.MANAGER))

    assert f'href="{chapter}">Help</a>' in client.get(reverse(view, args=[desk.slug])).text


@pytest.mark.parametrize(
    ("path", "chapter"),
    [
        ("/", "/docs/guide/first-steps/"),
        ("/accounts/login/", "/docs/accounts/"),
        ("/read/", "/docs/guide/reading-room/"),
        ("/docs/", "/docs/"),
        ("/api/docs/", "/docs/"),
        ("/no/such/page", "/docs/"),
    ],
)
def test_help_is_on_pages_without_a_sign_in(client: Client, path: str, chapter: str) -> None:
    assert f'href="{chapter}">Help</a>' in client.get(path).text


def test_help_is_in_every_template_of_a_whole_page() -> None:
    whole = {
        path.relative_to(CHECKOUT / "templates").as_posix(): text
        for path in (CHECKOUT / "templates").rglob("*.html")
        if "<html" in (text := path.read_text()) or "drf_spectacular" in text
    }
    header = (CHECKOUT / "templates" / "_header.html").read_text()

    assert len(whole) >= 5
    assert ">Help</a>" in header
    without = {name for name, text in whole.items() if ">Help</a>" not in text}
    assert without == {"base.html", "reading/card.html"}  # _header.html; a card on other sites


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_reads_it(client: Client, role: Role | None) -> None:
    if role is not None:
        client.force_login(factories.member(factories.make_desk(), role))

    paths = ["/docs/", "/docs/?q=tag", "/docs/operations/", "/docs/guide/images/import.png"]

    assert [client.get(path).status_code for path in paths] == [200] * 4
    assert [client.post(path).status_code for path in paths] == [405] * 4


def test_the_image_for_production_has_the_documents() -> None:
    taken = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert "!docs" in taken
