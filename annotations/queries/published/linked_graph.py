"""Published claims, quotes and entities in their own shape, with what they relate to resolved.

Seven statements at most, however many are asked for; only published annotations appear, also at
the other end of a relation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from annotations.models import Desk, Entity, Kind, Relation, RelationType, Source
from annotations.queries.published.annotations import published, published_documents

Document = dict[str, Any]
Shape = Callable[[Document, "Surroundings"], Document]


@dataclass(frozen=True)
class Surroundings:
    """What the annotations of a page lead to, and what leads to them, by id."""

    sources: dict[str, Source]
    targets: dict[str, Document]
    register: dict[str, Entity]
    incoming: dict[tuple[str, str], list[str]]


def shaped(desk: Desk, ids: Sequence[UUID], shape: Shape) -> list[Document]:
    """The annotations of these ids by id, each in the shape."""
    documents = _documents(desk, ids)
    links = [link for document in documents for link in document["relations"]]
    targets = _documents(desk, [UUID(link["to"]) for link in links])
    named = {document["fields"].get("entity") for document in [*documents, *targets]}
    surroundings = Surroundings(
        sources={
            str(source.id): source
            for source in Source.objects.filter(id__in={each["source"] for each in documents})
        },
        targets={each["id"]: each for each in targets},
        register={
            str(entity.id): entity
            for entity in Entity.objects.filter(desk=desk, id__in=named - {None})
        },
        incoming=_incoming(ids),
    )
    return [shape(document, surroundings) for document in documents]


def claim(document: Document, around: Surroundings) -> Document:
    fields = document["fields"]
    return {
        **_passage(document, around),
        "normalized": fields.get("normalized", ""),
        "claimant": fields.get("claimant"),
        "asserted_on": fields.get("asserted_on"),
        "verdict": fields.get("verdict"),
        "evidence": fields.get("evidence", []),
        "about": _mentions(document, RelationType.ABOUT, around),
        "stated_in": _to(document, RelationType.STATED_IN),
        "supports": _to(document, RelationType.SUPPORTS),
        "supported_by": _from(document, RelationType.SUPPORTS, around),
        "contradicts": _to(document, RelationType.CONTRADICTS),
        "contradicted_by": _from(document, RelationType.CONTRADICTS, around),
        "repeats": _to(document, RelationType.REPEATS),
        "repeated_by": _from(document, RelationType.REPEATS, around),
    }


def quote(document: Document, around: Surroundings) -> Document:
    fields = document["fields"]
    return {
        **_passage(document, around),
        "manner": document["label"],
        "speaker": fields.get("speaker"),
        "role": fields.get("role"),
        "affiliation": fields.get("affiliation"),
        "cue": fields.get("cue"),
        "said_by": _mentions(document, RelationType.SAID_BY, around),
        "claims": _from(document, RelationType.STATED_IN, around),
    }


def entity(document: Document, around: Surroundings) -> Document:
    record = _record(document, around)
    return {
        **_passage(document, around),
        "entity": record,
        "wikidata": document["fields"].get("wikidata") or (record or {}).get("wikidata") or None,
        "same_as": _to(document, RelationType.SAME_AS),
        "said": _from(document, RelationType.SAID_BY, around),
        "subject_of": _from(document, RelationType.ABOUT, around),
    }


SHAPES: dict[Kind, Shape] = {Kind.CLAIM: claim, Kind.QUOTE: quote, Kind.ENTITY: entity}


def _documents(desk: Desk, ids: Sequence[UUID]) -> list[Document]:
    return published_documents(published(desk).filter(id__in=ids).order_by("id"))


def _incoming(ids: Sequence[UUID]) -> dict[tuple[str, str], list[str]]:
    """Which published annotations lead here, by the id here and the type."""
    origins: dict[tuple[str, str], list[str]] = defaultdict(list)
    relations = Relation.objects.filter(to__in=ids, version__published_of__isnull=False)
    for to, type, origin in relations.order_by("version__annotation_id").values_list(
        "to_id", "type", "version__annotation_id"
    ):
        origins[str(to), type].append(str(origin))
    return origins


def _to(document: Document, type: RelationType) -> list[str]:
    return [link["to"] for link in document["relations"] if link["type"] == type]


def _from(document: Document, type: RelationType, around: Surroundings) -> list[str]:
    return around.incoming.get((document["id"], type.value), [])


def _passage(document: Document, around: Surroundings) -> Document:
    source = around.sources[document["source"]]
    kept = ("id", "label", "spans", "revision", "version", "author", "created_at", "updated_at")
    return {name: document[name] for name in kept} | {
        "source": {
            "id": document["source"],
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url,
        }
    }


def _mentions(document: Document, type: RelationType, around: Surroundings) -> list[Document]:
    """The annotations at the other end; one withdrawn since the documents were read is left out."""
    ids = _to(document, type)
    return [_mention(around.targets[id], around) for id in ids if id in around.targets]


def _mention(target: Document, around: Surroundings) -> Document:
    """Its words and the register record they stand for."""
    return {
        "id": target["id"],
        "kind": target["kind"],
        "exact": [span["exact"] for span in target["spans"]],
        "entity": _record(target, around),
    }


def _record(document: Document, around: Surroundings) -> Document | None:
    record = around.register.get(document["fields"].get("entity", ""))
    return entity_document(record) if record else None


def entity_document(record: Entity) -> Document:
    """A register record as JSON."""
    return {
        "id": str(record.id),
        "name": record.name,
        "type": record.type,
        "aliases": record.aliases,
        "wikidata": record.wikidata or None,
    }
