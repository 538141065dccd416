"""Published annotations as people read them: with titles, names and what they relate to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.dateparse import parse_datetime

from annotations.exporters import Record
from annotations.exporters.linked_data import schema_org
from annotations.exporters.records import SourceRecord
from annotations.models import (
    Annotation,
    Desk,
    Entity,
    Kind,
    Publication,
    RecordTally,
    RelationType,
    Revision,
    Source,
    SourceTally,
    Span,
)
from annotations.queries.desks import codebook_of
from annotations.queries.published.annotations import (
    published,
    published_documents,
    publisher_of,
    source_record,
)
from annotations.queries.published.included import linked

Document = dict[str, Any]

INVERSE = {
    RelationType.SAID_BY: "said",
    RelationType.ABOUT: "subject of",
    RelationType.SUPPORTS: "supported by",
    RelationType.CONTRADICTS: "contradicted by",
    RelationType.REPEATS: "repeated by",
    RelationType.STATED_IN: "states",
    RelationType.SAME_AS: "same as",
}
# What holds both ways, so that saying it of both ends says nothing more.
MUTUAL = {RelationType.CONTRADICTS, RelationType.SAME_AS}
# Fields that templates/reading/_head.html shows.
IN_HEAD = {
    "normalized", "verdict", "claimant", "asserted_on", "speaker", "role", "affiliation", "entity",
    "wikidata",
}  # fmt: skip


@dataclass(frozen=True)
class End:
    """What a relation leads to, or where it comes from."""

    type: str
    title: str
    document: Document
    name: str
    source: Source

    @property
    def seen_from_there(self) -> str:
        """What the relation is called at its other end."""
        label, inverse = RelationType(self.type).label, INVERSE[RelationType(self.type)]
        return str(inverse if self.title == label else label)


@dataclass(frozen=True)
class Note:
    """What an annotation says; `facts` are titles with values, of the fields not shown apart."""

    document: Document
    kind: Kind
    label: str
    source: Source
    record: Entity | None
    facts: Sequence[tuple[str, Any]]
    ends: Sequence[End]

    @cached_property
    def id(self) -> str:
        return str(self.document["id"])

    @cached_property
    def words(self) -> str:
        return words_of(self.document)

    @cached_property
    def name(self) -> str:
        """In a few words: the claim in one sentence, the entity by its record, else its words."""
        return _name(self.document, self.record)

    @cached_property
    def says_words(self) -> bool:
        """Whether the words of the text say more than the name of the record that stands above."""
        return self.record is None or self.words != self.record.name

    @cached_property
    def unnamed_ends(self) -> Sequence[End]:
        """Without the speaker of a quote where the field already names them."""
        speaker = self.fields.get("speaker", "")
        return [end for end in self.ends if end.type != RelationType.SAID_BY or end.name != speaker]

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.document["fields"]

    @property
    def approved_at(self) -> datetime | None:
        return parse_datetime(self.document["updated_at"])

    @cached_property
    def disputes(self) -> Sequence[End]:
        """What contradicts this, either way."""
        return [end for end in self.ends if end.type == RelationType.CONTRADICTS]

    @cached_property
    def other_ends(self) -> Sequence[End]:
        return [end for end in self.ends if end.type != RelationType.CONTRADICTS]


def notes_of(desk: Desk, documents: Sequence[Document]) -> list[Note]:
    """In the order given; five statements at most, however many."""
    others = linked(desk, [UUID(document["id"]) for document in documents]) if documents else []
    by_id = {document["id"]: document for document in [*others, *documents]}
    all_documents = list(by_id.values())
    sources = Source.objects.in_bulk({UUID(document["source"]) for document in all_documents})
    named = {document["fields"].get("entity") for document in all_documents} - {None}
    records = {str(each.id): each for each in Entity.objects.filter(desk=desk, id__in=named)}
    incoming = _incoming(all_documents)
    titles = _titles(desk)

    def end(type: str, title: str, id: str) -> End:
        there = by_id[id]
        record = records.get(there["fields"].get("entity", ""))
        return End(type, title, there, _name(there, record), sources[UUID(there["source"])])

    return [
        Note(
            document=document,
            kind=Kind(document["kind"]),
            label=str(titles.get((document["kind"], "", document["label"]), document["label"])),
            source=sources[UUID(document["source"])],
            record=records.get(document["fields"].get("entity", "")),
            facts=[
                (titles.get((document["kind"], "field", name), name), value)
                for name, value in document["fields"].items()
                if name not in IN_HEAD
            ],
            ends=_each_once(
                *(
                    end(link["type"], RelationType(link["type"]).label, link["to"])
                    for link in document["relations"]
                    if link["to"] in by_id
                ),
                *(
                    end(type, INVERSE[RelationType(type)], origin)
                    for type, origin in incoming.get(document["id"], ())
                ),
            ),
        )
        for document in documents
    ]


def linked_data(desk: Desk, notes: Iterable[Note]) -> list[Document]:
    """Claims and quotes in the words of schema.org."""
    publisher = publisher_of(desk)
    sources: dict[UUID, SourceRecord] = {}
    nodes = []
    for note in notes:
        source = sources.setdefault(note.source.id, source_record(note.source))
        record = Record.from_document(note.document, source)
        if note.kind == Kind.CLAIM:
            about = [_named(end) for end in note.ends if end.title == RelationType.ABOUT.label]
            nodes.append(schema_org.claim(record, about, publisher))
        elif note.kind == Kind.QUOTE:
            by = [_named(end) for end in note.ends if end.type == RelationType.SAID_BY]
            nodes.append(schema_org.quotation(record, by, publisher))
    return nodes


def words_of(document: Document) -> str:
    return " … ".join(span["exact"] for span in document["spans"])


def documents_of_text(
    desk: Desk, revision: Revision, start: int, end: int, limit: int
) -> list[Document]:
    """Published annotations with a span in these code points of the text, in its order."""
    here = Span.objects.filter(
        version=OuterRef("publication__version"), start__lt=end, end__gt=start
    )
    rows = published(desk).filter(
        Exists(here),
        publication__source=revision.source_id,
        publication__version__revision=revision,
    )
    ids = list(rows.order_by("id").values_list("id", flat=True)[:limit])
    found = published_documents(published(desk).filter(id__in=ids))
    return sorted(found, key=lambda document: (document["spans"][0]["start"], document["id"]))


def sources_to_read(desk: Desk) -> QuerySet[SourceTally]:
    """Each with how many published annotations of each kind stand on it."""
    return SourceTally.objects.filter(desk=desk).select_related("source")


def claims_to_read(
    desk: Desk, *, verdict: str = "", disputed: bool = False
) -> QuerySet[Annotation]:
    """The newest first; `disputed` are those that contradict each other."""
    rows = published(desk).filter(publication__kind=Kind.CLAIM).order_by("-id")
    if verdict:
        rows = rows.filter(publication__verdict=verdict)
    if disputed:
        rows = rows.filter(publication__is_disputed=True)
    return rows


def quotes_to_read(desk: Desk) -> QuerySet[Publication]:
    """To be sorted by `is_unnamed`, `speaker_key` and `annotation`: unnamed speakers come last."""
    return Publication.objects.filter(desk=desk, kind=Kind.QUOTE)


def records_to_read(desk: Desk) -> QuerySet[RecordTally]:
    """Records of the register with how often published annotations mention them."""
    return RecordTally.objects.filter(desk=desk).select_related("record")


def _each_once(*ends: End) -> list[End]:
    """Without the second of two that contradict each other, or are the same, either way."""
    met: set[tuple[str, str]] = set()
    kept = []
    for end in ends:
        key = (end.type, end.document["id"])
        if end.type not in MUTUAL or key not in met:
            kept.append(end)
        met.add(key)
    return kept


def approved_last(desk: Desk, limit: int) -> list[Document]:
    """The newest first, but for flags, which say what is wrong with the text; two statements."""
    recent = Publication.objects.filter(desk=desk).exclude(kind=Kind.FLAG).order_by("-published_at")
    ids = list(recent.values_list("annotation_id", flat=True)[:limit])
    documents = published_documents(published(desk).filter(id__in=ids))
    return sorted(documents, key=lambda document: ids.index(UUID(document["id"])))


def side_by_side(notes: Iterable[Note]) -> list[tuple[Note, Sequence[End]]]:
    """Each note with those that contradict it; no pair of the list twice.

    A note that stands beside another already, and is in no other pair, has no row of its own.
    """
    rows: list[tuple[Note, Sequence[End]]] = []
    pairs: set[frozenset[str]] = set()
    for note in notes:
        fresh = [
            end for end in note.disputes if frozenset((note.id, end.document["id"])) not in pairs
        ]
        pairs.update(frozenset((note.id, end.document["id"])) for end in fresh)
        if fresh or not note.disputes:
            rows.append((note, fresh))
    return rows


def _incoming(documents: Iterable[Document]) -> dict[str, list[tuple[str, str]]]:
    """By id: the types of the relations that lead there, and from where."""
    found: dict[str, list[tuple[str, str]]] = {}
    for document in documents:
        for link in document["relations"]:
            found.setdefault(link["to"], []).append((link["type"], document["id"]))
    return found


def _titles(desk: Desk) -> dict[tuple[str, str, str], str]:
    """Titles of labels and fields, by kind, what it is, and name."""
    codebook = codebook_of(desk)
    return {
        **{(label.kind, "", label.name): label.title for label in codebook.labels.all()},
        **{(field.kind, "field", field.name): field.title for field in codebook.fields.all()},
    }


def _name(document: Document, record: Entity | None) -> str:
    if record is not None:
        return record.name
    return document["fields"].get("normalized") or words_of(document)


def _named(end: End) -> schema_org.Named:
    document = end.document
    return schema_org.Named(end.name, document["label"], document["fields"].get("wikidata", ""))
