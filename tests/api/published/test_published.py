"""What readers of the API get: one by one, as lists, and narrowed down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import Annotation, Desk, Kind, RelationType, Source
from annotations.models.identity import new_id
from annotations.services.tagging.annotations import Link
from tests import factories
from tests.api.client import anonymous, published, read

pytestmark = pytest.mark.django_db

TEXT = (
    factories.TEXT
)  # Ankara „welcomed“ the talks. Baku said no on 9 May. Nobody 𝔠ounted the votes.


@pytest.fixture
def source(desk: Desk) -> Source:
    return factories.make_source(desk, publisher="The Gazette", url="https://example.org/a")


def shown(source: Source, **said: Any) -> Annotation:
    return factories.approved(factories.make_annotation(source, **said))


def some(source: Source, count: int) -> list[Annotation]:
    return [shown(source, spans=[(start, start + 3)]) for start in range(count)]


def ids(desk: Desk, path: str = "annotations", **query: Any) -> list[str]:
    return [each["id"] for each in read(anonymous(), published(desk, path), **query)["results"]]


def pages(desk: Desk, path: str, size: int) -> list[list[str]]:
    found, address = [], f"{published(desk, path)}?page_size={size}"
    while address:
        page = read(anonymous(), address)
        found.append([str(each.get("id", each.get("number"))) for each in page["results"]])
        address = page["next"]
    return found


def test_an_approved_annotation_says_all_of_it(desk: Desk, source: Source) -> None:
    record = factories.make_entity(desk, "Ankara", wikidata="Q3640")
    annotation = shown(source, spans=[(0, 6)], fields={"entity": str(record.id)})

    [found] = read(anonymous(), published(desk, "annotations"))["results"]

    assert annotation.published is not None
    assert found == {
        "id": str(annotation.id),
        "kind": "entity",
        "label": "place",
        "spans": [{"start": 0, "end": 6, "exact": "Ankara"}],
        "prefix": "",
        "suffix": TEXT[6:38],
        "fields": {"entity": str(record.id)},
        "relations": [],
        "source": str(source.id),
        "revision": 1,
        "revision_sha256": source.revisions.get().sha256,
        "state": "approved",
        "version": 1,
        "author": {
            "id": str(annotation.published.author_id),
            "name": annotation.published.author.name,
        },
        "created_at": found["created_at"],
        "updated_at": found["updated_at"],
    }
    assert found["created_at"].endswith(("Z", "+00:00"))


def test_offsets_count_code_points_of_the_text_that_the_api_gives(
    desk: Desk, source: Source
) -> None:
    after = TEXT.index("ounted")  # behind a letter outside the basic plane
    shown(source, spans=[(after, after + 6), (0, 6)])
    shown(source, kind=Kind.QUOTE, spans=[(7, 17)])

    text = anonymous().get(published(desk, f"sources/{source.id}/text")).content.decode()
    found = read(anonymous(), published(desk, "annotations"))["results"]

    spans = [span for each in found for span in each["spans"]]
    assert [text[span["start"] : span["end"]] for span in spans] == [
        span["exact"] for span in spans
    ]
    assert [span["exact"] for span in spans] == ["Ankara", "ounted", "„welcomed“"]


@pytest.fixture
def corpus(desk: Desk, source: Source) -> dict[str, Annotation]:
    """Two sources, one of each kind, and what relates them."""
    baku = factories.make_entity(desk, "Baku")
    mention = shown(source, spans=[(29, 33)], fields={"entity": str(baku.id)})
    quote = shown(
        source,
        kind=Kind.QUOTE,
        spans=[(34, 41)],
        fields={"speaker": "A Spokesman"},
        links=[Link(RelationType.SAID_BY, mention.id)],
    )
    claim = shown(
        source,
        kind=Kind.CLAIM,
        spans=[(29, 51)],
        links=[
            Link(RelationType.ABOUT, mention.id),
            Link(RelationType.STATED_IN, quote.id),
        ],
    )
    flag = shown(source, kind=Kind.FLAG, spans=[(52, 58)])
    elsewhere = shown(factories.make_source(desk, title="Another"), label="organization")
    return {
        "mention": mention,
        "quote": quote,
        "claim": claim,
        "flag": flag,
        "elsewhere": elsewhere,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["mention", "quote", "claim", "flag", "elsewhere"]),
        ({"kind": "quote"}, ["quote"]),
        ({"label": "place"}, ["mention"]),
        ({"label": "nothing"}, []),
        ({"speaker": "spokes"}, ["quote"]),
        ({"speaker": "%"}, []),
        ({"q": "BAKU"}, ["mention", "claim"]),
        ({"q": "baku may"}, ["claim"]),
        ({"q": "bak"}, []),
        ({"q": "missing"}, ["flag"]),
        ({"q": "note"}, []),
        ({"q": "' | ! & <->"}, None),
        ({"kind": "claim", "q": "talks"}, ["claim"]),
        ({"kind": "quote", "q": "talks"}, []),
        ({"kind": "entity", "label": "organization"}, ["elsewhere"]),
    ],
)
def test_each_filter_narrows_the_list(
    desk: Desk,
    corpus: dict[str, Annotation],
    query: dict[str, str],
    expected: list[str] | None,
) -> None:
    found = ids(desk, **query)

    if expected is not None:
        assert found == [str(corpus[name].id) for name in expected]


def test_filters_by_source_record_mention_and_time(
    desk: Desk, source: Source, corpus: dict[str, Annotation]
) -> None:
    mention = corpus["mention"]
    assert mention.published is not None
    about_baku = [str(corpus[name].id) for name in ("mention", "quote", "claim")]
    at = corpus["flag"].published_at
    assert at is not None

    assert ids(desk, source=corpus["elsewhere"].source_id) == [str(corpus["elsewhere"].id)]
    assert ids(desk, entity=mention.published.fields["entity"]) == about_baku
    assert ids(desk, entity=mention.id) == about_baku
    assert ids(desk, entity=mention.id, kind="claim") == [str(corpus["claim"].id)]
    assert ids(desk, entity=new_id()) == []
    assert ids(desk, updated_after=at.isoformat()) == [str(corpus["elsewhere"].id)]
    assert ids(desk, updated_after=(at + timedelta(days=1)).isoformat()) == []
    assert ids(desk, "claims", entity=mention.id) == [str(corpus["claim"].id)]
    for entity in (mention.published.fields["entity"], mention.id):
        said = [str(corpus[name].id) for name in ("mention", "claim")]
        assert ids(desk, entity=entity, q="baku") == said
        assert ids(desk, "claims", entity=entity, q="baku") == said[1:]
        assert ids(desk, entity=entity, q=" ") == about_baku
        assert ids(desk, entity=entity, q="-") == []
    assert ids(desk, entity=new_id(), q="baku") == []
    assert ids(desk, "quotes", speaker="A Spokesman") == [str(corpus["quote"].id)]


def test_claims_quotes_and_mentions_have_filters_of_their_own(
    desk: Desk, source: Source, corpus: dict[str, Annotation]
) -> None:
    record = factories.make_entity(desk, "Ankara", wikidata="Q3640")
    said = {"normalized": "It rained.", "claimant": "The Ministry", "verdict": "refuted"}
    claim = str(shown(source, kind=Kind.CLAIM, fields=said).id)
    quote = str(shown(source, kind=Kind.QUOTE, fields={"affiliation": "The Ministry"}).id)
    by_record = str(shown(source, fields={"entity": str(record.id)}).id)
    by_itself = str(shown(source, fields={"wikidata": "Q3640"}).id)

    assert ids(desk, "claims", claimant="ministry", verdict="refuted") == [claim]
    assert ids(desk, "claims", claimant="ministry", verdict="supported") == []
    assert ids(desk, "claims", claimant="%") == []
    assert ids(desk, "quotes", affiliation="MINISTRY") == [quote]
    assert ids(desk, "entities", wikidata="Q3640") == [by_record, by_itself]
    assert ids(desk, "entities", wikidata="Q364") == []
    refused = anonymous().get(published(desk, "annotations"), {"claimant": "x"})
    assert list(refused.json()["errors"]) == ["claimant"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "gazette news"}, ["News"]),
        ({"q": "gazette nothing"}, []),
        ({"q": "%"}, []),
        ({"publisher": "GAZ"}, ["News", "Haber"]),
        ({"language": "tr"}, ["Haber"]),
        ({"language": "EN-gb"}, ["News"]),
        ({"language": "e"}, []),
        ({"published_from": "2020-05-02"}, ["Haber"]),
        ({"published_until": "2020-05-01"}, ["News"]),
        ({"published_from": "2020-05-01", "published_until": "2020-05-02"}, ["News", "Haber"]),
    ],
)
def test_sources_are_narrowed_by_what_they_are(
    desk: Desk, query: dict[str, str], expected: list[str]
) -> None:
    for title, language, day in (("News", "en-GB", "2020-05-01"), ("Haber", "tr", "2020-05-02")):
        about = {"publisher": "The Gazette", "language": language, "published_on": day}
        shown(factories.make_source(desk, title=title, **about))

    found = read(anonymous(), published(desk, "sources"), **query)["results"]

    assert [each["title"] for each in found] == expected


@pytest.mark.parametrize("name", ["kind", "source", "entity", "updated_after"])
def test_a_filter_that_was_left_empty_does_not_mean_everything(desk: Desk, name: str) -> None:
    response = anonymous().get(published(desk, f"annotations?{name}="))

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [name]


def test_any_time_can_be_asked_for(desk: Desk, source: Source) -> None:
    shown = factories.approved(factories.make_annotation(source))

    assert ids(desk, updated_after="2020-07-26T22:49:13+17:40") == [str(shown.id)]
    for time in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        response = anonymous().get(published(desk, "annotations"), {"updated_after": time})
        assert response.status_code == 400
        assert list(response.json()["errors"]) == ["updated_after"]


def test_a_filter_that_is_wrong_is_named(desk: Desk) -> None:
    for query, name in (
        ({"kind": "rumour"}, "kind"),
        ({"source": "7"}, "source"),
        ({"updated_after": "yesterday"}, "updated_after"),
        ({"speaker": "x" * 201}, "speaker"),
        ({"q": "a\x00b"}, "q"),
        ({"colour": "red"}, "colour"),
        ({"format": "csv"}, "format"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "101"}, "page_size"),
        ({"page_size": "-1"}, "page_size"),
        ({"page_size": "many"}, "page_size"),
        ({"page_size": "9" * 5000}, "page_size"),
        ({"page_size": "٣"}, "page_size"),
        ({"cursor": "?"}, "cursor"),
        ({"cursor": "ü"}, "cursor"),
        ({"cursor": "AAAA"}, "cursor"),
        ({"kind": ["claim", "quote"]}, "kind"),
    ):
        response = anonymous().get(published(desk, "annotations"), query)

        assert response.status_code == 400, query
        assert response["Content-Type"] == "application/problem+json"
        assert list(response.json()["errors"]) == [name], query


def test_pages_hold_each_row_once(desk: Desk, source: Source) -> None:
    expected = sorted(str(each.id) for each in some(source, 7))

    found = pages(desk, "annotations", 3)

    assert [len(page) for page in found] == [3, 3, 1]
    assert [id for page in found for id in page] == expected


def test_pages_stay_true_while_rows_come_and_go(desk: Desk, source: Source) -> None:
    rows = some(source, 4)
    first = read(anonymous(), published(desk, "annotations"), page_size=2)
    Annotation.objects.filter(id__in=[rows[0].id, rows[1].id]).update(
        published=None, published_at=None
    )
    late = shown(source, spans=[(20, 24)])

    second = read(anonymous(), first["next"])

    assert [each["id"] for each in second["results"]] == [str(rows[2].id), str(rows[3].id)]
    assert ids(desk, page_size=100)[-1] == str(late.id)


def test_the_next_page_is_also_a_link_and_keeps_the_filters(desk: Desk, source: Source) -> None:
    some(source, 3)

    response = anonymous().get(published(desk, "annotations"), {"page_size": 2, "kind": "entity"})

    address = response.json()["next"]
    assert response["Link"] == f'<{address}>; rel="next"'
    assert "kind=entity" in address
    last = anonymous().get(address)
    assert last.json()["next"] is None
    assert "Link" not in last


def test_one_annotation_is_not_sent_twice(desk: Desk, source: Source) -> None:
    address = published(desk, f"annotations/{shown(source).id}")
    first = anonymous().get(address)

    again = anonymous().get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    other = anonymous().get(address, headers={"If-None-Match": '"else"'})
    assert (other.status_code, other.json()) == (200, first.json())


def test_one_annotation_is_a_web_annotation_for_those_who_ask(desk: Desk, source: Source) -> None:
    annotation = shown(source, spans=[(29, 33)])
    address = published(desk, f"annotations/{annotation.id}")

    response = anonymous().get(address, headers={"Accept": "application/ld+json"})

    document = response.json()
    assert response["Content-Type"].startswith("application/ld+json")
    assert document["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert document["id"].endswith(address)
    selectors = str(document["target"])
    assert "'start': 29" in selectors
    assert "'exact': 'Baku'" in selectors
    plain = anonymous().get(address)
    assert plain["Content-Type"] == "application/json"
    assert plain["ETag"] != response["ETag"]


def test_a_media_type_that_is_not_there_is_refused(desk: Desk, source: Source) -> None:
    address = published(desk, f"annotations/{shown(source).id}")

    response = anonymous().get(address, headers={"Accept": "text/csv"})

    assert response.status_code == 406
    assert response["Content-Type"] == "application/problem+json"


def test_claims_quotes_and_entities_name_what_they_relate_to(
    desk: Desk, source: Source, corpus: dict[str, Annotation]
) -> None:
    [claim] = read(anonymous(), published(desk, "claims"))["results"]
    [quote] = read(anonymous(), published(desk, "quotes"))["results"]
    entity = read(anonymous(), published(desk, "entities"))["results"][0]

    assert claim["normalized"] == "Baku said no to the talks."
    assert [mention["entity"]["name"] for mention in claim["about"]] == ["Baku"]
    assert claim["about"][0]["exact"] == ["Baku"]
    assert claim["stated_in"] == [str(corpus["quote"].id)]
    assert claim["source"] == {
        "id": str(source.id),
        "title": "A text",
        "publisher": "The Gazette",
        "url": "https://example.org/a",
    }
    assert quote["speaker"] == "A Spokesman"
    assert [mention["id"] for mention in quote["said_by"]] == [str(corpus["mention"].id)]
    assert quote["claims"] == [str(corpus["claim"].id)]
    assert entity["entity"]["name"] == "Baku"
    assert entity["said"] == [str(corpus["quote"].id)]
    assert entity["subject_of"] == [str(corpus["claim"].id)]


@pytest.mark.parametrize("path", ["annotations", "claims", "quotes", "entities", "sources"])
def test_more_rows_take_no_more_statements(
    desk: Desk, corpus: dict[str, Annotation], path: str
) -> None:
    few = statements(desk, path)
    for number in range(6):
        source = factories.make_source(desk, title=f"Text {number}")
        record = factories.make_entity(desk, f"Place {number}")
        place = shown(source, fields={"entity": str(record.id)})
        quote = shown(source, kind=Kind.QUOTE, links=[Link(RelationType.SAID_BY, place.id)])
        shown(source, kind=Kind.CLAIM, links=[Link(RelationType.STATED_IN, quote.id)])

    many = statements(desk, path)

    assert many == few <= 9


def statements(desk: Desk, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(anonymous(), published(desk, path))
    return len(queries)


def test_sources_name_the_texts_that_published_annotations_stand_on(
    desk: Desk, source: Source
) -> None:
    shown(source)
    factories.make_source(desk, title="Nothing published")

    [found] = read(anonymous(), published(desk, "sources"))["results"]

    revision = source.revisions.get()
    assert found["title"] == "A text"
    assert found["revisions"] == [{"number": 1, "length": len(TEXT), "sha256": revision.sha256}]
    assert read(anonymous(), published(desk, f"sources/{source.id}")) == found


def test_a_text_comes_as_it_is_and_only_once(desk: Desk, source: Source) -> None:
    shown(source)
    address = published(desk, f"sources/{source.id}/text")

    response = anonymous().get(address)

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == TEXT
    assert anonymous().get(address, {"revision": 1}).content == response.content
    known = anonymous().get(address, headers={"If-None-Match": response["ETag"]})
    assert known.status_code == 304
    missing = anonymous().get(address, {"revision": 2})
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
