"""W3C Web Annotation Data Model (Recommendation, 23 February 2017) as JSON-LD.

A kind becomes a motivation (§3.3.5), the label a tag, each span a target with a quote and a
position selector (§4.2.4, §4.2.5; both count Unicode code points, as we do). A split quote has two
targets: the model's Composite would say more exactly that they belong together, but it stands in
an appendix only and not in the JSON-LD context, so that readers would not know it.

What the model has no words for is in one body of type application/json: kind, fields, relations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from annotations.exporters.records import Passage, Publisher, Record
from annotations.exporters.tables.lines import json_words

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'
GENERATOR = {"type": "Software", "name": "Imprimatur"}

MOTIVATIONS = {
    "entity": "identifying",  # gives the passage an identity
    "quote": "describing",  # says who speaks, in which capacity, with which word
    "claim": "classifying",  # checkable, opinion, prediction
    "flag": "commenting",  # says what is wrong with the text
}
SENTENCES = {"normalized": "describing", "note": "commenting"}  # fields that people read
WIKIDATA = re.compile(r"Q[1-9][0-9]*")


def document(record: Record, *, base_iri: str) -> dict[str, Any]:
    """One annotation as JSON-LD. `base_iri` is the desk's address without a last slash."""
    return {"@context": CONTEXT, **annotation(record, base_iri)}


def export(records: Iterable[Record], *, publisher: Publisher) -> Iterator[bytes]:
    """An AnnotationCollection with all records on one embedded page (§5), streamed.

    `total` comes last, when it is known. A page may not be empty, so no records mean no page.
    """
    collection = f"{publisher.base_iri}/annotations"
    yield _opened(
        {
            "@context": CONTEXT,
            "id": collection,
            "type": "AnnotationCollection",
            "label": "Approved annotations",
        }
    )
    page = {
        "id": f"{collection}#all",
        "type": "AnnotationPage",
        "partOf": collection,
        "startIndex": 0,
    }
    total = 0
    for total, record in enumerate(records, start=1):
        before = b',\n"first": ' + _opened(page) + b', "items": [\n' if total == 1 else b",\n"
        yield before + json_words(annotation(record, publisher.base_iri)).encode()
    if total:
        yield b"\n]}"
    yield f',\n"total": {total}}}\n'.encode()


def annotation(record: Record, base_iri: str) -> dict[str, Any]:
    targets = _targets(record, base_iri)
    return {
        "id": _iri(record.id, base_iri),
        "type": "Annotation",
        "motivation": MOTIVATIONS[record.kind],
        "creator": {
            "id": f"urn:uuid:{record.author.id}",
            "type": "Person",
            "name": record.author.name,
        },
        "created": _utc(record.created_at),
        "modified": _utc(record.updated_at),
        "generator": GENERATOR,
        "body": list(_bodies(record, base_iri)),
        "target": targets if len(targets) > 1 else targets[0],
    }


def iri_of(record: Record, base_iri: str) -> str:
    return _iri(record.id, base_iri)


def _bodies(record: Record, base_iri: str) -> Iterator[dict[str, Any]]:
    yield {"type": "TextualBody", "purpose": "tagging", "value": record.label}
    for name, purpose in SENTENCES.items():
        if sentence := record.fields.get(name):
            yield {
                "type": "TextualBody",
                "purpose": purpose,
                "value": str(sentence),
                "format": "text/plain",
            }
    wikidata = str(record.fields.get("wikidata") or "")
    if WIKIDATA.fullmatch(wikidata):
        source = f"http://www.wikidata.org/entity/{wikidata}"
        yield {"type": "SpecificResource", "purpose": "identifying", "source": source}
    links = [{"type": link.type, "to": _iri(link.to, base_iri)} for link in record.relations]
    for link in links:
        yield {"type": "SpecificResource", "purpose": "linking", "source": link["to"]}
    known = {"kind": record.kind, "fields": record.fields, "relations": links}
    yield {
        "type": "TextualBody",
        "purpose": "describing",
        "value": json_words(known),
        "format": "application/json",
    }


def _targets(record: Record, base_iri: str) -> list[dict[str, Any]]:
    source = _text(record, base_iri)
    last = len(record.spans) - 1
    return [
        {
            "type": "SpecificResource",
            "source": source,
            "selector": _selectors(
                passage,
                prefix=record.prefix if number == 0 else "",
                suffix=record.suffix if number == last else "",
            ),
        }
        for number, passage in enumerate(record.spans)
    ]


def _text(record: Record, base_iri: str) -> dict[str, Any]:
    """The very revision that the spans count in, and where it was got from."""
    source = record.source
    known = {
        "language": source.language,
        "via": source.url,
        "dcterms:title": source.title,
        "dcterms:publisher": source.publisher,
    }
    return {
        "id": f"{base_iri}/sources/{source.id}/text?revision={record.revision}",
        "type": "Text",
        "format": "text/plain",
        **{name: value for name, value in known.items() if value},
    }


def _selectors(passage: Passage, *, prefix: str, suffix: str) -> list[dict[str, Any]]:
    context = {"prefix": prefix, "suffix": suffix}
    return [
        {
            "type": "TextQuoteSelector",
            "exact": passage.exact,
            **{name: words for name, words in context.items() if words},
        },
        {"type": "TextPositionSelector", "start": passage.start, "end": passage.end},
    ]


def _iri(annotation_id: str, base_iri: str) -> str:
    return f"{base_iri}/annotations/{annotation_id}"


def _utc(time: str) -> str:
    """As the model wants it: xsd:dateTime in UTC, written with a Z."""
    return datetime.fromisoformat(time).astimezone(UTC).isoformat().replace("+00:00", "Z")


def _opened(json_object: dict[str, Any]) -> bytes:
    """A JSON object without its last brace, to be gone on with."""
    return json_words(json_object)[:-1].encode()
