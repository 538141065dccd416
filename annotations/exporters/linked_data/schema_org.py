"""Claims and quotes in the words of schema.org (ClaimReview, Claim, Quotation) as JSON-LD.

A claim with a verdict is a ClaimReview of a Claim; one without, or that is unrated, is a Claim.
Claimants and speakers are given a type only where a tag or a role says which: a text may name a
person, a paper or a ministry, and the desk does not guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from annotations.exporters.records import Publisher, Record, SourceRecord

CONTEXT = "https://schema.org"
UNRATED = "unrated"
RATINGS = {"refuted": 1, "disputed": 3, "supported": 5}  # others are said by name alone
WORST, BEST = 1, 5
TYPES = {"person": "Person", "organization": "Organization", "place": "Place", "event": "Event"}


@dataclass(frozen=True)
class Named:
    """What a mention stands for; `type` is a label of the kind entity, `wikidata` may be empty."""

    name: str
    type: str
    wikidata: str = ""


def claim(record: Record, about: Sequence[Named], publisher: Publisher) -> dict[str, Any]:
    """A ClaimReview when there is a verdict, else a Claim."""
    fields = record.fields
    address = f"{publisher.base_iri}/claims/{record.id}"
    claimed = _filled(
        {
            "@type": "Claim",
            "@id": address,
            "text": fields.get("normalized"),
            "author": _filled({"name": fields.get("claimant")}),
            "datePublished": fields.get("asserted_on"),
            "about": [_thing(each) for each in about],
            "appearance": _appearance(record.source, _words(record)),
        }
    )
    if not has_verdict(record):
        return {"@context": CONTEXT, **claimed}
    return _filled(
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "@id": f"{address}#review",
            "url": address,
            "claimReviewed": fields.get("normalized"),
            "datePublished": record.updated_at[:10],
            "author": {
                "@type": "Organization",
                "name": publisher.name,
                "url": publisher.base_iri,
            },
            "reviewRating": _rating(str(fields["verdict"])),
            "citation": fields.get("evidence"),
            "itemReviewed": claimed,
        }
    )


def has_verdict(record: Record) -> bool:
    return record.fields.get("verdict") not in (None, "", UNRATED)


def quotation(record: Record, said_by: Sequence[Named], publisher: Publisher) -> dict[str, Any]:
    """A Quotation; the parts of a split one with an ellipsis between them."""
    return _filled(
        {
            "@context": CONTEXT,
            "@type": "Quotation",
            "@id": f"{publisher.base_iri}/quotes/{record.id}",
            "text": _words(record),
            "creator": _speaker(record, said_by),
            "isPartOf": _work(record.source),
            "inLanguage": record.source.language,
        }
    )


def _speaker(record: Record, said_by: Sequence[Named]) -> dict[str, Any]:
    fields = record.fields
    known = _thing(said_by[0]) if said_by else {}
    has_office = bool(fields.get("role"))
    type = known.get("@type") or ("Person" if has_office else None)
    affiliation = {"@type": "Organization", "name": fields.get("affiliation")}
    return _filled(
        {
            "@type": type,
            "name": known.get("name") or fields.get("speaker"),
            "sameAs": known.get("sameAs"),
            "jobTitle": fields.get("role") if type == "Person" else None,
            "affiliation": affiliation if type == "Person" and fields.get("affiliation") else None,
        }
    )


def _rating(verdict: str) -> dict[str, Any]:
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": verdict}
    if verdict in RATINGS:
        rating |= {"ratingValue": RATINGS[verdict], "worstRating": WORST, "bestRating": BEST}
    return rating


def _thing(named: Named) -> dict[str, Any]:
    item = f"http://www.wikidata.org/entity/{named.wikidata}" if named.wikidata else None
    return _filled({"@type": TYPES.get(named.type, "Thing"), "name": named.name, "sameAs": item})


def _appearance(source: SourceRecord, words: str) -> dict[str, Any]:
    """Where the claim stands, with its own words there."""
    return {"@type": "Quotation", "text": words, "isPartOf": _work(source)}


def _work(source: SourceRecord) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": source.publisher} if source.publisher else None
    return _filled(
        {
            "@type": "CreativeWork",
            "name": source.title,
            "url": source.url,
            "author": _filled({"name": source.author}),
            "publisher": publisher,
            "datePublished": source.published_on,
            "inLanguage": source.language,
        }
    )


def _words(record: Record) -> str:
    return " … ".join(passage.exact for passage in record.spans)


def _filled(document: dict[str, Any]) -> dict[str, Any]:
    """Without what nothing is known of."""
    return {name: value for name, value in document.items() if value not in (None, "", [], {})}
