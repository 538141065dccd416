"""Each MUST of the Web Annotation Data Model (W3C, 23 February 2017) that concerns us, checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.exporters.linked_data import web_annotation
from annotations.exporters.linked_data.web_annotation import MOTIVATIONS, document
from tests.exporters.sample_records import BASE, PUBLISHER, record

CONTEXT = "http://www.w3.org/ns/anno.jsonld"

# What anno.jsonld defines, as far as we may use it. Other names would vanish from the graph.
TERMS = frozenset(
    {"@context", "id", "type", "motivation", "creator", "created", "modified", "generator", "body"}
    | {"target", "source", "selector", "purpose", "value", "format", "language", "name", "via"}
    | {"exact", "prefix", "suffix", "start", "end", "label", "total", "first", "items", "partOf"}
    | {"startIndex", "dcterms:title", "dcterms:publisher"}
)
CLASSES = frozenset(
    {"Annotation", "AnnotationCollection", "AnnotationPage", "TextualBody", "SpecificResource"}
    | {"TextQuoteSelector", "TextPositionSelector", "Person", "Software", "Text"}
)
MOTIVATION_NAMES = frozenset(  # §3.3.5
    {"assessing", "bookmarking", "classifying", "commenting", "describing", "editing"}
    | {"highlighting", "identifying", "linking", "moderating", "questioning", "replying", "tagging"}
)
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
IRI = re.compile(r"(https?://[^\s<>\"{}|\\^`]+|urn:uuid:[0-9a-f-]{36})")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from objects(each)


def assert_is_an_annotation(annotation: dict[str, Any]) -> None:
    assert annotation["type"] == "Annotation"
    assert IRI.fullmatch(annotation["id"])
    assert annotation["motivation"] in MOTIVATION_NAMES
    assert DATE_TIME.fullmatch(annotation["created"])
    assert DATE_TIME.fullmatch(annotation["modified"])
    assert annotation["creator"]["type"] == "Person"
    assert IRI.fullmatch(annotation["creator"]["id"])
    for each in objects(annotation):
        assert set(each) <= TERMS
        assert each["type"] in CLASSES
    for body in annotation["body"]:
        assert_is_a_body(body)
    targets = annotation["target"]
    assert targets
    for target in targets if isinstance(targets, list) else [targets]:
        assert_is_a_target(target)


def assert_is_a_body(body: dict[str, Any]) -> None:
    assert body["purpose"] in MOTIVATION_NAMES
    if body["type"] == "TextualBody":
        assert isinstance(body["value"], str)
        assert "source" not in body
    else:
        assert body["type"] == "SpecificResource"
        assert IRI.fullmatch(body["source"])


def assert_is_a_target(target: dict[str, Any]) -> None:
    assert target["type"] == "SpecificResource"
    assert IRI.fullmatch(target["source"]["id"])
    quote, position = target["selector"]
    assert quote["type"] == "TextQuoteSelector"
    assert isinstance(quote["exact"], str)
    assert position["type"] == "TextPositionSelector"
    assert 0 <= position["start"] < position["end"]


def targets(annotation: dict[str, Any]) -> list[tuple[int, int, str]]:
    found = annotation["target"]
    selectors = [each["selector"] for each in (found if isinstance(found, list) else [found])]
    return [(at["start"], at["end"], quote["exact"]) for quote, at in selectors]


def collection(records: list[Any]) -> dict[str, Any]:
    return json.loads(b"".join(web_annotation.export(records, publisher=PUBLISHER)))


@pytest.mark.parametrize("kind", sorted(MOTIVATIONS))
def test_an_annotation_of_any_kind_keeps_to_the_model(kind: str) -> None:
    annotation = document(
        record(kind=kind, fields={"normalized": "One sentence.", "note": "Odd.", "wikidata": "Q1"}),
        base_iri=BASE,
    )

    assert annotation["@context"] == CONTEXT
    assert_is_an_annotation(annotation)


def test_each_kind_has_its_own_motivation() -> None:
    assert len(set(MOTIVATIONS.values())) == len(MOTIVATIONS) == 4


def test_a_split_quote_has_two_targets_with_their_own_context() -> None:
    annotation = document(record(), base_iri=BASE)

    first, second = annotation["target"]

    assert targets(annotation) == [(79, 90, "„With the g"), (634, 654, "Recep Tayyip Erdoğan")]
    assert first["selector"][0] | {"prefix": "Allgemein\n\n"} == first["selector"][0]
    assert "suffix" not in first["selector"][0]
    assert second["selector"][0] | {"suffix": " condemned"} == second["selector"][0]
    assert "prefix" not in second["selector"][0]


def test_a_single_span_is_one_target_with_both_sides_of_its_context() -> None:
    span = {"start": 634, "end": 654, "exact": "Recep Tayyip Erdoğan"}

    annotation = document(record(spans=[span]), base_iri=BASE)

    assert annotation["target"]["selector"] == [
        {
            "type": "TextQuoteSelector",
            "exact": "Recep Tayyip Erdoğan",
            "prefix": "Allgemein\n\n",
            "suffix": " condemned",
        },
        {"type": "TextPositionSelector", "start": 634, "end": 654},
    ]


def test_the_target_is_the_very_revision_and_says_where_it_was_got_from() -> None:
    annotation = document(record(revision=3), base_iri=BASE)

    assert annotation["target"][0]["source"] == {
        "id": f"{BASE}/sources/0199a000-0000-7000-8000-000000000001/text?revision=3",
        "type": "Text",
        "format": "text/plain",
        "language": "en",
        "via": "https://news.example.org/agreement",
        "dcterms:title": "Turkey Azerbaijan Military Agreement",
        "dcterms:publisher": "Example Gazette",
    }


def test_times_are_written_in_utc_with_a_z() -> None:
    annotation = document(record(), base_iri=BASE)

    assert annotation["created"] == "2026-03-01T09:00:00.500000Z"
    assert annotation["modified"] == "2026-03-02T09:30:00Z"


def test_the_label_is_a_tag() -> None:
    tags = [
        body["value"]
        for body in document(record(label="mixed"), base_iri=BASE)["body"]
        if body["purpose"] == "tagging"
    ]

    assert tags == ["mixed"]


def test_relations_link_to_the_other_annotation_and_keep_their_type() -> None:
    other = f"{BASE}/annotations/0199a000-0000-7000-8000-000000000004"

    bodies = document(record(), base_iri=BASE)["body"]

    assert {"type": "SpecificResource", "purpose": "linking", "source": other} in bodies
    known = json.loads(bodies[-1]["value"])
    assert bodies[-1]["format"] == "application/json"
    assert known == {
        "kind": "quote",
        "fields": {"speaker": "he", "cue": "said"},
        "relations": [{"type": "said_by", "to": other}],
    }


def test_sentences_for_people_are_bodies_of_their_own() -> None:
    bodies = document(record(kind="flag", fields={"note": "The date is broken."}), base_iri=BASE)[
        "body"
    ]

    assert {
        "type": "TextualBody",
        "purpose": "commenting",
        "value": "The date is broken.",
        "format": "text/plain",
    } in bodies


@pytest.mark.parametrize(
    ("value", "sources"),
    [
        ("Q39259", ["http://www.wikidata.org/entity/Q39259"]),
        ("", []),
        (None, []),
        ("Q1> <x", []),
        ("P31", []),
    ],
)
def test_an_entity_is_identified_by_its_wikidata_item(value: object, sources: list[str]) -> None:
    entity = record(kind="entity", fields={"wikidata": value}, relations=[])

    bodies = document(entity, base_iri=BASE)["body"]

    assert [body["source"] for body in bodies if body["purpose"] == "identifying"] == sources


def test_a_collection_holds_all_records_on_one_page() -> None:
    records = [record(id=f"0199a000-0000-7000-8000-00000000000{n}") for n in range(3)]

    made = collection(records)

    page = made["first"]
    assert made["@context"] == CONTEXT
    assert made["type"] == "AnnotationCollection"
    assert IRI.fullmatch(made["id"])
    assert isinstance(made["label"], str)
    assert made["total"] == len(page["items"]) == 3
    assert page["type"] == "AnnotationPage"
    assert IRI.fullmatch(page["id"])
    assert page["id"] != made["id"] == page["partOf"]
    assert page["startIndex"] == 0
    assert not any("@context" in each for each in objects(page))
    assert [item["id"] for item in page["items"]] == [f"{BASE}/annotations/{r.id}" for r in records]
    for item in page["items"]:
        assert_is_an_annotation(item)


def test_an_empty_collection_has_no_page_as_a_page_may_not_be_empty() -> None:
    made = collection([])

    assert made["total"] == 0
    assert "first" not in made


def test_the_same_records_give_the_same_bytes() -> None:
    one = record(fields={"a": 1, "b": 2})
    other = record(fields={"b": 2, "a": 1})

    assert b"".join(web_annotation.export([one], publisher=PUBLISHER)) == b"".join(
        web_annotation.export([other], publisher=PUBLISHER)
    )


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**6), st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_spans_are_read_back_as_they_were(parts: list[tuple[int, str]]) -> None:
    spans = [{"start": at, "end": at + len(words), "exact": words} for at, words in parts]

    [item] = collection([record(spans=spans)])["first"]["items"]

    assert targets(item) == [(at, at + len(words), words) for at, words in parts]
    assert_is_an_annotation(item)
