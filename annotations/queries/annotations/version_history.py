"""An annotation's history, as a reviewer reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q

from annotations.models import (
    Annotation,
    Decision,
    Entity,
    Event,
    EventType,
    FieldDefinition,
    FieldType,
    Relation,
    Span,
    State,
    Version,
)
from annotations.queries.annotations.work import review_queue


@dataclass(frozen=True)
class FieldValue:
    """A field of the codebook with what was written there; `urls` instead for web addresses."""

    name: str
    title: str
    text: str
    urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Neighbours:
    """The items of the queue before and after one."""

    previous: Annotation | None
    next: Annotation | None


def versions_of(annotation: Annotation) -> list[Version]:
    """Newest first, with label, author, spans, relations and decisions; five statements."""
    targets = "to__published__label", "to__head__label"
    return list(
        annotation.versions.select_related("label", "author")
        .prefetch_related(
            Prefetch("spans", Span.objects.order_by("start")),
            Prefetch("decisions", Decision.objects.select_related("by").order_by("id")),
            Prefetch("relations", Relation.objects.select_related(*targets).order_by("id")),
            Prefetch("relations__to__head__spans", Span.objects.order_by("start")),
        )
        .order_by("-number")
    )


def versions_numbered(numbers: Mapping[UUID, int]) -> dict[UUID, Version]:
    """Of each annotation the version of that number, with source and spans; two statements."""
    found = (
        Version.objects.filter(annotation__in=numbers.keys(), number__in=set(numbers.values()))
        .select_related("annotation__source", "annotation__desk")
        .prefetch_related(Prefetch("spans", Span.objects.order_by("start")))
    )
    return {
        each.annotation_id: each for each in found if each.number == numbers[each.annotation_id]
    }


def without_superseded_drafts(versions: Sequence[Version]) -> list[Version]:
    """Newest first, without drafts that their own author replaced before anybody was to read them.

    Four saves of one draft are one step of the history; what was submitted, decided or written on
    by another person stays.
    """
    newer: Version | None = None
    kept = []
    for version in versions:
        superseded = (
            newer is not None
            and version.state == State.DRAFT
            and version.submitted_at is None
            and version.author_id == newer.author_id
            and not version.decisions.all()
        )
        if not superseded:
            kept.append(version)
        newer = version
    return kept


def withdrawals_of(annotation: Annotation) -> dict[int, Event]:
    """By the number of the version that was withdrawn; one statement."""
    events = Event.objects.filter(annotation=annotation, type=EventType.ANNOTATION_WITHDRAWN)
    return {each.version: each for each in events.select_related("actor") if each.version}


def field_values(versions: Sequence[Version]) -> dict[int, list[FieldValue]]:
    """By version id: the filled fields in the codebook's order, records by name; two statements."""
    definitions = list(
        FieldDefinition.objects.filter(
            codebook__in={version.label.codebook_id for version in versions},
            kind__in={version.label.kind for version in versions},
        ).order_by("position")
    )
    records = _records(versions, definitions)
    return {version.id: list(_values(version, definitions, records)) for version in versions}


def neighbours(annotation: Annotation) -> Neighbours:
    """Two statements, however long the queue."""
    head = annotation.head
    if head is None or head.submitted_at is None:
        return Neighbours(None, None)
    queue = review_queue(annotation.desk)
    at, same = head.submitted_at, Q(submitted_at=head.submitted_at)
    earlier = Q(submitted_at__lt=at) | same & Q(id__lt=annotation.id)
    later = Q(submitted_at__gt=at) | same & Q(id__gt=annotation.id)
    before = queue.filter(earlier, submitted_at__lte=at)  # told twice, so that the index is used
    after = queue.filter(later, submitted_at__gte=at)
    return Neighbours(before.reverse().first(), after.first())


def _records(versions: Sequence[Version], definitions: Sequence[FieldDefinition]) -> dict[str, str]:
    names = [each.name for each in definitions if each.type == FieldType.ENTITY]
    ids = {str(each.fields[name]) for each in versions for name in names if each.fields.get(name)}
    return {str(each.id): each.name for each in Entity.objects.filter(id__in=ids)} if ids else {}


def _values(
    version: Version, definitions: Sequence[FieldDefinition], records: dict[str, str]
) -> Iterator[FieldValue]:
    for each in definitions:
        value = version.fields.get(each.name)
        if not value or each.codebook_id != version.label.codebook_id:
            continue
        if each.type == FieldType.URLS:
            yield FieldValue(each.name, each.title, "\n".join(value), tuple(value))
        elif each.type == FieldType.ENTITY:
            yield FieldValue(each.name, each.title, records.get(value, value))
        else:
            yield FieldValue(each.name, each.title, str(value))
