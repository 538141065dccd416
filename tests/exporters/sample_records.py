"""Records as the published API would give them."""

from __future__ import annotations

from typing import Any

from annotations.exporters.records import Publisher, Record, SourceRecord

BASE = "https://desk.example.org/api/v1/desks/caucasus"
PUBLISHER = Publisher("Caucasus desk", BASE)
SOURCE = SourceRecord(
    id="0199a000-0000-7000-8000-000000000001",
    title="Turkey Azerbaijan Military Agreement",
    publisher="Example Gazette",
    url="https://news.example.org/agreement",
    published_on="2020-09-15",
    language="en",
)


def document(**changes: Any) -> dict[str, Any]:
    """The API's JSON of a quote by a speaker, split into two spans."""
    return {
        "id": "0199a000-0000-7000-8000-000000000002",
        "kind": "quote",
        "label": "direct",
        "spans": [
            {"start": 79, "end": 90, "exact": "„With the g"},
            {"start": 634, "end": 654, "exact": "Recep Tayyip Erdoğan"},
        ],
        "prefix": "Allgemein\n\n",
        "suffix": " condemned",
        "fields": {"speaker": "he", "cue": "said"},
        "relations": [
            {
                "id": "0199a000-0000-7000-8000-000000000003",
                "type": "said_by",
                "to": "0199a000-0000-7000-8000-000000000004",
            }
        ],
        "source": SOURCE.id,
        "revision": 1,
        "state": "approved",
        "version": 2,
        "author": {"id": "0199a000-0000-7000-8000-000000000005", "name": "E. Ditor"},
        "created_at": "2026-03-01T12:00:00.5+03:00",
        "updated_at": "2026-03-02T09:30:00+00:00",
    } | changes


def record(**changes: Any) -> Record:
    return Record.from_document(document(**changes), SOURCE)
