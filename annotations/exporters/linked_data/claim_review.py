"""schema.org ClaimReview as JSON-LD: the claims that somebody gave a verdict on.

Each as the API gives it alone (schema_org.py), without what other annotations say it is about. A
claim without a verdict, or with the verdict "unrated", is no review and is not in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotations.exporters.linked_data import schema_org
from annotations.exporters.records import Publisher, Record
from annotations.exporters.tables.lines import json_words

MEDIA_TYPE = "application/ld+json"


def export(records: Iterable[Record], *, publisher: Publisher) -> Iterator[bytes]:
    """One graph with a node a claim, streamed."""
    yield f'{{"@context": "{schema_org.CONTEXT}", "@graph": ['.encode()
    between = "\n"
    for record in records:
        if is_reviewed(record):
            review = schema_org.claim(record, [], publisher)
            del review["@context"]  # the graph's
            node = json_words(review)
            yield f"{between}{node}".encode()
            between = ",\n"
    yield b"\n]}\n"


def is_reviewed(record: Record) -> bool:
    return record.kind == "claim" and schema_org.has_verdict(record)
