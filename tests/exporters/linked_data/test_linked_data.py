"""What our JSON-LD says as triples, to a reader that knows nothing of us (pyld)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from pyld.jsonld import JsonLdError

from annotations.exporters import Document, Record
from annotations.exporters.linked_data import claim_review, web_annotation
from annotations.exporters.linked_data.schema_org import Named, quotation
from tests.exporters.corpora.sample_documents import documents, the_article, the_odd_one
from tests.exporters.linked_data.graph import AS, OA, RDF, SCHEMA, Graph
from tests.exporters.sample_records import BASE, PUBLISHER, record

DCTERMS = "http://purl.org/dc/terms/"
Spans = set[tuple[int, int, str]]


def spans_of(record: Record) -> Spans:
    return {(each.start, each.end, each.exact) for each in record.spans}


def spans_in(graph: Graph, annotation: str) -> Spans:
    found = set()
    for target in graph.all(annotation, f"{OA}hasTarget"):
        by_type = {
            graph.one(each, f"{RDF}type"): each for each in graph.all(target, f"{OA}hasSelector")
        }
        quote, place = by_type[f"{OA}TextQuoteSelector"], by_type[f"{OA}TextPositionSelector"]
        start, end = (int(graph.one(place, f"{OA}{edge}")) for edge in ("start", "end"))
        found.add((start, end, graph.one(quote, f"{OA}exact")))
    return found


def assert_says(graph: Graph, record: Record) -> None:
    annotation = web_annotation.iri_of(record, BASE)
    assert spans_in(graph, annotation) == spans_of(record)
    motivation = f"{OA}{web_annotation.MOTIVATIONS[record.kind]}"
    assert graph.one(annotation, f"{OA}motivatedBy") == motivation
    assert graph.one(annotation, f"{DCTERMS}creator") == f"urn:uuid:{record.author.id}"
    sources = {
        graph.one(each, f"{OA}hasSource") for each in graph.all(annotation, f"{OA}hasTarget")
    }
    assert sources == {f"{BASE}/sources/{record.source.id}/text?revision={record.revision}"}
    tags = [
        graph.one(body, f"{RDF}value")
        for body in graph.all(annotation, f"{OA}hasBody")
        if graph.all(body, f"{OA}hasPurpose") == [f"{OA}tagging"]
    ]
    assert tags == [record.label]


def collected(document: Document) -> Graph:
    said = b"".join(web_annotation.export(document.records, publisher=PUBLISHER))
    return Graph(json.loads(said))


def test_one_annotation_says_its_spans_creator_motivation_and_tag() -> None:
    one = record()

    graph = Graph(web_annotation.document(one, base_iri=BASE))

    assert graph.subjects(f"{OA}Annotation") == [web_annotation.iri_of(one, BASE)]
    assert_says(graph, one)


@pytest.mark.parametrize("document", [the_article(), the_odd_one()], ids=["article", "odd"])
def test_a_release_says_the_same_of_each_annotation_in_their_order(document: Document) -> None:
    graph = collected(document)

    collection = f"{BASE}/annotations"
    assert graph.one(collection, f"{AS}totalItems") == str(len(document.records))
    page = graph.one(collection, f"{AS}first")
    assert graph.one(page, f"{AS}partOf") == collection
    items = graph.listed(graph.one(page, f"{AS}items"))
    assert items == [web_annotation.iri_of(each, BASE) for each in document.records]
    for each in document.records:
        assert_says(graph, each)


@given(documents())
@settings(max_examples=25, deadline=None)
def test_any_spans_are_said(document: Document) -> None:
    graph = collected(document)

    for each in document.records:
        assert spans_in(graph, web_annotation.iri_of(each, BASE)) == spans_of(each)


def test_a_claim_with_a_verdict_is_a_review_of_a_claim() -> None:
    fields = {"normalized": "Baku said no.", "claimant": "H. Hajiyev", "verdict": "refuted"}
    one = record(kind="claim", label="checkable", fields=fields)

    graph = Graph(json.loads(b"".join(claim_review.export([one], publisher=PUBLISHER))))

    [review] = graph.subjects(f"{SCHEMA}ClaimReview")
    [claim] = graph.subjects(f"{SCHEMA}Claim")
    assert graph.one(review, f"{SCHEMA}itemReviewed") == claim == f"{BASE}/claims/{one.id}"
    assert graph.one(review, f"{SCHEMA}claimReviewed") == "Baku said no."
    assert graph.one(review, f"{SCHEMA}reviewRating", f"{SCHEMA}alternateName") == "refuted"
    assert graph.one(claim, f"{SCHEMA}author", f"{SCHEMA}name") == "H. Hajiyev"
    words = graph.one(claim, f"{SCHEMA}appearance", f"{SCHEMA}text")
    assert words == " … ".join(each.exact for each in one.spans)


def test_a_quote_is_a_quotation_by_its_speaker() -> None:
    one = record(fields={"speaker": "he"})

    graph = Graph(quotation(one, [Named("H. Hajiyev", "person", "Q1")], PUBLISHER))

    [quote] = graph.subjects(f"{SCHEMA}Quotation")
    assert graph.one(quote, f"{SCHEMA}text") == " … ".join(each.exact for each in one.spans)
    assert graph.one(quote, f"{SCHEMA}creator", f"{SCHEMA}sameAs").endswith("/entity/Q1")


def test_nothing_is_fetched() -> None:
    with pytest.raises(JsonLdError):
        Graph({"@context": "https://elsewhere.example/context", "id": "urn:x"})
