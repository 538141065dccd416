"""ClaimReview, Claim and Quotation as schema.org defines them."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.exporters.linked_data.schema_org import Named, claim, quotation
from tests.exporters.sample_records import PUBLISHER, record

SPAN = [{"start": 634, "end": 654, "exact": "Recep Tayyip Erdoğan"}]
WORK = {
    "@type": "CreativeWork",
    "name": "Turkey Azerbaijan Military Agreement",
    "url": "https://news.example.org/agreement",
    "publisher": {"@type": "Organization", "name": "Example Gazette"},
    "datePublished": "2020-09-15",
    "inLanguage": "en",
}


def a_claim(**fields: Any) -> Any:
    said = {"normalized": "Baku sold oil to Ankara.", **fields}
    return record(kind="claim", label="checkable", spans=SPAN, fields=said)


def test_a_claim_with_a_verdict_is_a_review_of_it() -> None:
    rated = a_claim(
        verdict="refuted",
        claimant="The ministry",
        asserted_on="2020-09-14",
        evidence=["https://example.org/proof"],
    )

    said = claim(rated, [Named("Baku", "place", "Q9248")], PUBLISHER)

    address = f"{PUBLISHER.base_iri}/claims/{rated.id}"
    assert said == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": f"{address}#review",
        "url": address,
        "claimReviewed": "Baku sold oil to Ankara.",
        "datePublished": "2026-03-02",
        "author": {
            "@type": "Organization",
            "name": "Caucasus desk",
            "url": PUBLISHER.base_iri,
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": "refuted",
            "ratingValue": 1,
            "worstRating": 1,
            "bestRating": 5,
        },
        "citation": ["https://example.org/proof"],
        "itemReviewed": {
            "@type": "Claim",
            "@id": address,
            "text": "Baku sold oil to Ankara.",
            "author": {"name": "The ministry"},
            "datePublished": "2020-09-14",
            "about": [
                {
                    "@type": "Place",
                    "name": "Baku",
                    "sameAs": "http://www.wikidata.org/entity/Q9248",
                }
            ],
            "appearance": {
                "@type": "Quotation",
                "text": "Recep Tayyip Erdoğan",
                "isPartOf": WORK,
            },
        },
    }


@pytest.mark.parametrize("fields", [{}, {"verdict": "unrated"}, {"verdict": None}])
def test_a_claim_without_a_verdict_is_a_claim(fields: dict[str, Any]) -> None:
    said = claim(a_claim(**fields), [], PUBLISHER)

    assert (said["@context"], said["@type"]) == ("https://schema.org", "Claim")
    assert not {"reviewRating", "author", "about"} & set(said)


@pytest.mark.parametrize(
    ("verdict", "number"),
    [
        ("supported", 5),
        ("disputed", 3),
        ("refuted", 1),
        ("not enough evidence", None),
        ("odd", None),
    ],
)
def test_a_verdict_has_its_name_and_a_number_where_it_has_one(
    verdict: str, number: int | None
) -> None:
    rating = claim(a_claim(verdict=verdict), [], PUBLISHER)["reviewRating"]

    assert rating["alternateName"] == verdict
    assert rating.get("ratingValue") == number
    assert ("bestRating" in rating) == (number is not None)


def test_a_quote_is_a_quotation_by_whoever_its_tag_stands_for() -> None:
    fields = {"speaker": "he", "role": "President", "affiliation": "Turkey"}

    said = quotation(record(fields=fields), [Named("Recep Tayyip Erdoğan", "person")], PUBLISHER)

    assert said == {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "@id": f"{PUBLISHER.base_iri}/quotes/{record().id}",
        "text": "„With the g … Recep Tayyip Erdoğan",
        "creator": {
            "@type": "Person",
            "name": "Recep Tayyip Erdoğan",
            "jobTitle": "President",
            "affiliation": {"@type": "Organization", "name": "Turkey"},
        },
        "isPartOf": WORK,
        "inLanguage": "en",
    }


@pytest.mark.parametrize(
    ("fields", "said_by", "creator"),
    [
        ({"speaker": "experts"}, [], {"name": "experts"}),
        (
            {"speaker": "a major", "role": "Major"},
            [],
            {"@type": "Person", "name": "a major", "jobTitle": "Major"},
        ),
        (
            {"role": "Ministry"},
            [Named("MoD", "organization")],
            {"@type": "Organization", "name": "MoD"},
        ),
        ({}, [], None),
    ],
)
def test_a_speaker_has_a_type_only_where_it_is_known(
    fields: dict[str, Any], said_by: list[Named], creator: dict[str, Any] | None
) -> None:
    assert quotation(record(fields=fields), said_by, PUBLISHER).get("creator") == creator
