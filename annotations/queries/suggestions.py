"""What programs proposed, what became of it, and what is tagged already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, OuterRef, QuerySet, Value, When
from django.db.models.functions import JSONArray, JSONObject

from annotations.models import Codebook, Desk, Entity, FieldType, Source, Suggestion, User
from annotations.models import Span as SpanRow
from annotations.queries.counting import some_of
from annotations.queries.desks import codebook_of
from annotations.text.spans import Span


@dataclass(frozen=True)
class Tag:
    """A label, and the records of the register it points to: what a mention says, but for notes."""

    label: str
    records: frozenset[str]

    def resembles(self, other: Tag) -> bool:
        """Whether one of two such tags on the same words would say nothing new."""
        return self.label == other.label or not self.records.isdisjoint(other.records)


@dataclass(frozen=True)
class Placed:
    """A tag where it stands; `id` is that of the annotation or suggestion."""

    id: UUID
    span: Span
    tag: Tag


def tag_of(codebook: Codebook, kind: str, label: str, fields: dict[str, Any]) -> Tag:
    names = (
        each.name
        for each in codebook.fields.all()
        if each.kind == kind and each.type == FieldType.ENTITY
    )
    return Tag(label, frozenset(fields[name] for name in names if fields.get(name)))


def tagged(codebook: Codebook, revision_id: int, kind: str) -> list[Placed]:
    """The spans of present annotations of this kind on the text, in order; one statement.

    By way of its source: versions have no index by revision.
    """
    spans = SpanRow.objects.filter(
        version__head_of__source__revisions=revision_id,
        version__revision=revision_id,
        version__head_of__kind=kind,
        version__head_of__deleted_at=None,
        version__head_of__isnull=False,
    ).order_by("start")
    return _placed(
        codebook, kind,
        spans.values_list(
            "version__head_of", "start", "end", "version__label__name", "version__fields"
        ),
    )  # fmt: skip


def suggested(
    codebook: Codebook, revision_id: int, kind: str, state: Suggestion.State
) -> list[Placed]:
    """The suggestions of this kind and state on the text, in order; one statement."""
    rows = Suggestion.objects.filter(revision=revision_id, kind=kind, state=state).order_by("start")
    return _placed(codebook, kind, rows.values_list("id", "start", "end", "label__name", "fields"))


def _placed(
    codebook: Codebook, kind: str, rows: Iterable[tuple[UUID, int, int, str, dict[str, Any]]]
) -> list[Placed]:
    return [
        Placed(id, Span(start, end), tag_of(codebook, kind, label, fields))
        for id, start, end, label, fields in rows
    ]


def suggestions_on(
    desk: Desk, *, state: Suggestion.State = Suggestion.State.OPEN, source: UUID | None = None
) -> QuerySet[Suggestion]:
    """Open suggestions are those that are listed; decided ones are all."""
    rows = Suggestion.objects.filter(desk=desk, state=state)
    if state == Suggestion.State.OPEN:
        rows = rows.filter(is_listed=True)
    return rows.filter(source=source) if source else rows


def count_of_other_sources(desk: Desk, source: UUID) -> int:
    """How many sources of the desk a search would read beside this one."""
    return Source.objects.filter(desk=desk).exclude(id=source).count()


def open_in_order(desk: Desk) -> QuerySet[Suggestion]:
    """By the title of the source and the place in it.

    The desk is asked of the source alone, whose index has the order: of the suggestions of each
    source only those of the page are read.
    """
    return (
        Suggestion.objects.filter(source__desk=desk, state=Suggestion.State.OPEN, is_listed=True)
        .select_related("source", "label", "proposed_by")
        .order_by("source__title", "source", "start", "id")
    )


def open_by_source(sources: Iterable[UUID], *, most: int) -> dict[UUID, int]:
    """How many are open on each of these, counted up to `most`; one statement."""
    is_open = Suggestion.objects.filter(
        source=OuterRef("pk"), state=Suggestion.State.OPEN, is_listed=True
    )
    rows = Source.objects.filter(id__in=list(sources))
    return dict(rows.values_list("id", some_of(is_open, most)))


def records_of(desk: Desk, rows: Sequence[Suggestion]) -> dict[UUID, str]:
    """By suggestion, the names of the register records it points to; two statements."""
    if not rows:
        return {}
    codebook = codebook_of(desk)
    tags = {row.id: tag_of(codebook, row.kind, row.label.name, row.fields) for row in rows}
    ids = {id for tag in tags.values() for id in tag.records}
    names = {str(each.id): each.name for each in Entity.objects.filter(id__in=ids)}
    return {
        id: ", ".join(sorted(names.get(each, "") for each in tag.records))
        for id, tag in tags.items()
    }


def decided_at(desk: Desk, by: User, at: datetime) -> QuerySet[Suggestion]:
    """What this person accepted or dismissed in one stroke, told by its time."""
    return Suggestion.objects.filter(desk=desk, decided_by=by, decided_at=at)


def suggestion_documents(rows: QuerySet[Suggestion]) -> list[dict[str, Any]]:
    """The JSON of suggestions by id, built by the database; one statement."""
    return list(rows.order_by("id").values_list(_document(), flat=True))


def _document() -> JSONObject:
    """As an annotation would say it, with where it came from and what became of it."""
    return JSONObject(
        id="id",
        state="state",
        kind="kind",
        label="label__name",
        spans=JSONArray(JSONObject(start="start", end="end", exact="exact")),
        prefix="prefix",
        suffix="suffix",
        fields="fields",
        source="source_id",
        revision="revision__number",
        origin="origin",
        prompted_by="prompted_by_id",
        proposed_by=JSONObject(id="proposed_by_id", name="proposed_by__name"),
        created_at="created_at",
        annotation="annotation_id",
        decided_by=Case(
            When(decided_by=None, then=Value(None)),
            default=JSONObject(id="decided_by_id", name="decided_by__name"),
        ),
        decided_at="decided_at",
    )
