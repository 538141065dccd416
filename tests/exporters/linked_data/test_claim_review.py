"""schema.org ClaimReview: what it requires, and which claims it has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotations.exporters.linked_data import claim_review
from tests.exporters.sample_records import BASE, PUBLISHER, record


def graph(*fields: dict[str, Any]) -> list[dict[str, Any]]:
    records = [record(kind="claim", label="checkable", fields=each) for each in fields]
    said = json.loads(b"".join(claim_review.export(records, publisher=PUBLISHER)))
    assert said["@context"] == "https://schema.org"
    return said["@graph"]


def test_a_claim_with_a_verdict_is_a_review() -> None:
    [review] = graph(
        {
            "normalized": "Baku said no.",
            "claimant": "Hikmet Hajiyev",
            "asserted_on": "2020-09-14",
            "verdict": "refuted",
            "evidence": ["https://example.org/"],
        }
    )

    assert review["@type"] == "ClaimReview"
    assert review["url"] == f"{BASE}/claims/{record().id}"
    assert "@context" not in review
    assert review["claimReviewed"] == "Baku said no."
    assert review["reviewRating"]["alternateName"] == "refuted"
    assert review["author"]["name"] == PUBLISHER.name
    assert review["citation"] == ["https://example.org/"]
    claim = review["itemReviewed"]
    assert claim["author"] == {"name": "Hikmet Hajiyev"}
    assert claim["datePublished"] == "2020-09-14"
    assert claim["appearance"]["isPartOf"]["url"] == "https://news.example.org/agreement"
    assert claim["appearance"]["text"] == "„With the g … Recep Tayyip Erdoğan"


@pytest.mark.parametrize("fields", [{}, {"verdict": ""}, {"verdict": "unrated"}])
def test_a_claim_without_a_verdict_is_none(fields: dict[str, Any]) -> None:
    reviews = graph(fields, {"verdict": "supported"}, fields, {"verdict": "disputed"})

    assert [each["reviewRating"]["alternateName"] for each in reviews] == ["supported", "disputed"]


def test_no_reviews_are_an_empty_graph() -> None:
    assert graph() == []
