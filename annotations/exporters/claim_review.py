"""schema.org ClaimReview as JSON-LD: the claims that somebody gave a verdict on.

A claim without a verdict, or with the verdict "unrated", is no review and is not in the file.
Whether a claimant is a person or an organisation is not known, so that the node has a name and no
type.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from annotations.exporters.records import Record

MEDIA_TYPE = "application/ld+json"
CONTEXT = "https://schema.org"
NOT_REVIEWED = ("", "unrated")


def export(records: Iterable[Record], *, base_iri: str) -> Iterator[bytes]:
    """One graph with a node a claim, streamed."""
    yield f'{{"@context": "{CONTEXT}", "@graph": ['.encode()
    between = "\n"
    for record in records:
        if is_reviewed(record):
            node = json.dumps(_review(record, base_iri), ensure_ascii=False, sort_keys=True)
            yield f"{between}{node}".encode()
            between = ",\n"
    yield b"\n]}\n"


def is_reviewed(record: Record) -> bool:
    return record.kind == "claim" and _said(record, "verdict") not in NOT_REVIEWED


def _review(record: Record, base_iri: str) -> dict[str, Any]:
    address = f"{base_iri}/annotations/{record.id}"
    return {
        "@id": address,
        "@type": "ClaimReview",
        "url": address,
        "claimReviewed": _said(record, "normalized") or _words(record),
        "datePublished": record.updated_at,
        "author": {"@type": "Person", "name": record.author.name},
        "reviewRating": {"@type": "Rating", "alternateName": _said(record, "verdict")},
        "itemReviewed": _claim(record),
        **_known({"citation": record.fields.get("evidence"), "inLanguage": record.source.language}),
    }


def _claim(record: Record) -> dict[str, Any]:
    claimant = _said(record, "claimant")
    return {
        "@type": "Claim",
        "text": _words(record),
        "appearance": _article(record),
        **_known(
            {
                "author": {"name": claimant} if claimant else None,
                "datePublished": _said(record, "asserted_on"),
            }
        ),
    }


def _article(record: Record) -> dict[str, Any]:
    source = record.source
    publisher = {"@type": "Organization", "name": source.publisher} if source.publisher else None
    return {
        "@type": "CreativeWork",
        "name": source.title,
        **_known({"url": source.url, "datePublished": source.published_on, "publisher": publisher}),
    }


def _words(record: Record) -> str:
    return " […] ".join(passage.exact for passage in record.spans)


def _said(record: Record, field: str) -> str:
    return str(record.fields.get(field) or "")


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
