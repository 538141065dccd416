"""The read side of the Web Annotation Protocol (W3C Recommendation, 23 February 2017).

The assertions are those of the W3C's own test (annotation-protocol/server in web-platform-tests),
as far as they concern reading; sections are the Recommendation's.
"""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from annotations.models import Annotation, Desk, Kind, RelationType, Source
from annotations.queries.published import containers
from annotations.services.tagging.drafts import Link
from tests import factories
from tests.api.client import anonymous, published
from tests.api.published.test_published import shown
from tests.exporters.linked_data.graph import AS, RDF, Graph
from tests.exporters.linked_data.test_linked_data import spans_in
from tests.exporters.linked_data.test_web_annotation import assert_is_an_annotation

pytestmark = pytest.mark.django_db

PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
LDP, OA = "http://www.w3.org/ns/ldp#", "http://www.w3.org/ns/oa#"
BASIC = f'<{LDP}BasicContainer>; rel="type"'
CONSTRAINED = f'<http://www.w3.org/TR/annotation-protocol/>; rel="{LDP}constrainedBy"'


@pytest.fixture
def desk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Pages of three, at the address of the test client."""
    settings.PUBLIC_URL = "http://testserver"
    monkeypatch.setattr(containers, "SIZE", 3)
    return factories.make_desk(is_public=True)


@pytest.fixture
def rows(source: Source) -> list[Annotation]:
    """Eight that are published: three pages."""
    first = shown(source)
    link = Link(RelationType.SAID_BY, first.id)
    quote = shown(source, kind=Kind.QUOTE, spans=[(0, 6), (29, 33)], links=[link])
    return [first, quote, *(shown(source, spans=[(n, n + 3)]) for n in range(6))]


def preferring(*names: str) -> dict[str, str]:
    return {"Prefer": f'return=representation;include="{" ".join(names)}"'}


def get(address: str, **headers: str) -> Any:
    response = anonymous().get(address, headers=headers)
    assert response.status_code == 200, response.content
    return response


def container(desk: Desk, **headers: str) -> Any:
    return get(published(desk, "annotations/"), **headers)


def ids(items: list[Any]) -> list[str]:
    return [(each if isinstance(each, str) else each["id"]).rsplit("/", 1)[-1] for each in items]


def walked(address: str, way: str) -> list[Any]:
    pages = []
    while address:
        pages.append(get(address).json())
        address = pages[-1].get(way)
    return pages


@pytest.mark.parametrize(
    "path", ["annotations/", "annotations/?page=first", "sources/{}/annotations/"]
)
def test_what_every_container_answers(
    desk: Desk, source: Source, rows: list[Annotation], path: str
) -> None:
    """§4.1: methods, media type, ETag, Vary, Link."""
    address = published(desk, path.format(source.id))

    for method in ("get", "head", "options"):
        response = getattr(anonymous(), method)(address)
        assert response.status_code == 200
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert "Accept-Post" not in response
        assert {"Accept", "Prefer"} <= {each.strip() for each in response["Vary"].split(",")}
        if "page" in path:
            assert response["Link"] == f'<{LDP}Resource>; rel="type"'
        else:
            assert response["Link"].split(", ") == [BASIC, CONSTRAINED]
        if method != "options":
            assert response["Content-Type"] == PROFILE
            assert response["ETag"].startswith('"')


def test_a_container_says_what_it_is(desk: Desk, rows: list[Annotation]) -> None:
    """§4.2: a BasicContainer and AnnotationCollection whose first page is in it."""
    response = container(desk)

    said = response.json()
    assert said["@context"] == [
        "http://www.w3.org/ns/anno.jsonld",
        "http://www.w3.org/ns/ldp.jsonld",
    ]
    assert said["type"] == ["BasicContainer", "AnnotationCollection"]
    assert said["total"] == 8
    assert said["label"] == f"Approved annotations of {desk.name}"
    assert response["Content-Location"] == said["id"]
    assert said["id"] == f"http://testserver{published(desk, 'annotations/')}?iris=0"
    assert said["first"]["partOf"] == said["id"]
    assert ids(said["first"]["items"]) == [str(row.id) for row in rows[:3]]
    for item in said["first"]["items"]:
        assert_is_an_annotation(item)
        assert item["id"].startswith(f"http://testserver{published(desk, 'annotations/')}")


def test_a_minimal_container_has_addresses_of_pages(desk: Desk, rows: list[Annotation]) -> None:
    """§4.2.1: no annotations in it."""
    response = container(desk, **preferring(f"{LDP}PreferMinimalContainer"))

    said = response.json()
    assert said["id"] == f"http://testserver{published(desk, 'annotations/')}"
    assert response["Preference-Applied"] == "return=representation"
    assert {type(said["first"]), type(said["last"])} == {str}
    assert "items" not in said
    assert ids(get(said["first"]).json()["items"]) == [str(row.id) for row in rows[:3]]


@pytest.mark.parametrize("also", [[], [f"{LDP}PreferMinimalContainer"]])
def test_those_who_prefer_addresses_get_them_on_all_pages(
    desk: Desk, rows: list[Annotation], also: list[str]
) -> None:
    """§4.2.2: the preference is kept in the addresses of pages, not asked for again."""
    said = container(desk, **preferring(*also, f"{OA}PreferContainedIRIs")).json()

    first = said["first"] if also else said["first"]["id"]
    pages = walked(first, "next")
    assert [ids(page["items"]) for page in pages] == [
        [str(row.id) for row in rows[start : start + 3]] for start in (0, 3, 6)
    ]
    assert {type(item) for page in pages for item in page["items"]} == {str}
    assert pages[-1]["id"] == said["last"]


def test_pages_lead_both_ways_and_to_their_container(desk: Desk, rows: list[Annotation]) -> None:
    """§4.3: partOf, prev unless first, next unless last; startIndex from 0 (model, §5.2)."""
    said = container(desk).json()

    there = walked(said["first"]["id"], "next")
    back = walked(said["last"], "prev")

    assert back == there[::-1]
    assert [page["startIndex"] for page in there] == [0, 3, 6]
    assert "prev" not in there[0]
    assert "next" not in there[-1]
    for page in there:
        assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
        assert page["type"] == "AnnotationPage"
        assert page["partOf"]["id"] == said["id"]
        assert page["partOf"]["total"] == 8
        for item in page["items"]:
            assert_is_an_annotation(item)


def test_a_full_last_page_is_the_last(desk: Desk, rows: list[Annotation]) -> None:
    shown(rows[0].source, spans=[(40, 43)])

    said = container(desk).json()

    assert len(get(said["last"]).json()["items"]) == 3
    assert "next" not in get(said["last"]).json()


def test_an_empty_container_has_no_pages(desk: Desk) -> None:
    said = container(desk).json()

    assert said["total"] == 0
    assert not {"first", "last"} & set(said)


def test_a_source_s_container_has_its_own_annotations(
    desk: Desk, source: Source, rows: list[Annotation]
) -> None:
    elsewhere = factories.make_source(desk, title="Another")
    only = shown(elsewhere)

    said = get(published(desk, f"sources/{elsewhere.id}/annotations/")).json()

    assert said["total"] == 1
    assert said["label"] == "Approved annotations of “Another”"
    assert ids(said["first"]["items"]) == [str(only.id)]


def test_what_is_known_is_not_sent_again_unless_something_else_is_preferred(
    desk: Desk, rows: list[Annotation]
) -> None:
    address = published(desk, "annotations/")
    etag = container(desk)["ETag"]

    known = anonymous().get(address, headers={"If-None-Match": etag})
    other = anonymous().get(
        address, headers={"If-None-Match": etag, **preferring(f"{OA}PreferContainedIRIs")}
    )

    assert (known.status_code, known["Link"]) == (304, f"{BASIC}, {CONSTRAINED}")
    assert other.status_code == 200


@pytest.mark.parametrize(("query", "name"), [("page=x", "page"), ("iris=2", "iris"), ("q=x", "q")])
def test_an_address_that_is_wrong_is_refused(desk: Desk, query: str, name: str) -> None:
    response = anonymous().get(f"{published(desk, 'annotations/')}?{query}")

    assert (response.status_code, list(response.json()["errors"])) == (400, [name])
    assert response["Content-Type"] == "application/problem+json"


def test_one_annotation_answers_as_the_protocol_wants(desk: Desk, rows: list[Annotation]) -> None:
    """§3.1."""
    address = published(desk, f"annotations/{rows[0].id}")

    response = get(address, Accept=PROFILE)
    options = anonymous().options(address)

    assert response["Content-Type"] == PROFILE
    assert response["Link"] == f'<{LDP}Resource>; rel="type"'
    assert response["Allow"] == options["Allow"] == "GET, HEAD, OPTIONS"
    assert "Accept" in response["Vary"]
    assert response["ETag"]
    assert options.status_code == 200
    assert response.json()["id"] == f"http://testserver{address}"


def test_more_annotations_take_no_more_statements(
    desk: Desk, rows: list[Annotation], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    last = container(desk).json()["last"]

    with django_assert_num_queries(6):
        container(desk)
    with django_assert_num_queries(7):
        get(last)


def test_container_pages_and_annotations_say_the_same_as_triples(
    desk: Desk, source: Source, rows: list[Annotation]
) -> None:
    said = container(desk).json()
    whole, address = Graph(said), said["id"]
    assert set(whole.all(address, f"{RDF}type")) == {
        f"{LDP}BasicContainer",
        f"{AS}OrderedCollection",
    }
    assert whole.one(address, f"{AS}totalItems") == str(len(rows))

    page, found = whole.one(address, f"{AS}first"), []
    while page:
        graph = Graph(get(page).json())
        assert graph.one(page, f"{AS}partOf") == address
        assert graph.one(page, f"{AS}startIndex") == str(len(found))
        for annotation in graph.listed(graph.one(page, f"{AS}items")):
            alone = Graph(get(annotation, Accept="application/ld+json").json())
            assert spans_in(graph, annotation) == spans_in(alone, annotation)
            found.append(spans_in(alone, annotation))
        page = next(iter(graph.all(page, f"{AS}next")), "")

    made = [
        {(span.start, span.end, span.exact) for span in row.published.spans.all()} for row in rows
    ]
    assert found == made
