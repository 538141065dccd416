"""Annotations as editors and reviewers see them: the newest version of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from annotations.errors import NotFound
from annotations.models import Annotation, Desk, Ledger, Source, State
from annotations.queries import annotation_json
from annotations.queries.prepared_statements import rows_of


@dataclass(frozen=True)
class SourceDocuments:
    """A source's annotations, with every event up to `cursor`; later ones may be in already."""

    cursor: int
    documents: list[dict[str, Any]]


@dataclass(frozen=True)
class WorkText:
    """The work JSON of an annotation as text, and the number of its newest version."""

    version: int
    json: str


_TEXTS = f"""
    SELECT newest.number, {annotation_json.WORK}
    FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS wanted (id, position)
    JOIN annotations_annotation ON annotations_annotation.id = wanted.id
    JOIN annotations_version newest ON newest.id = annotations_annotation.head_id
    ORDER BY wanted.position
"""  # noqa: S608 - no value is put in


def annotation_on(desk: Desk, id: UUID, *, deleted: bool = False) -> Annotation:
    """With its newest version. Raises NotFound; deleted ones are found only when asked for."""
    rows = Annotation.objects.all() if deleted else Annotation.objects.present()
    annotation = (
        rows.filter(desk=desk, id=id)
        .select_related(
            "desk", "source", "head__label", "head__author", "head__revision", "published"
        )
        .defer("head__revision__original", "head__revision__text")
        .first()
    )
    if annotation is None:
        raise NotFound("There is no such annotation on this desk.")
    return annotation


def annotation_with_relation(desk: Desk, uid: UUID) -> Annotation:
    """The annotation whose newest version carries the relation. Raises NotFound."""
    annotation = Annotation.objects.present().filter(desk=desk, head__relations__uid=uid).first()
    if annotation is None:
        raise NotFound("There is no such relation on this desk.")
    return annotation_on(desk, annotation.id)


def work_documents(annotations: QuerySet[Annotation]) -> list[dict[str, Any]]:
    """One statement, in the order of `annotations`."""
    return list(annotation_json.documents_of(annotations, annotation_json.WORK))


def work_texts(ids: Sequence[UUID]) -> list[WorkText]:
    """The JSON of each, in the order of `ids`, as the database has it now; one statement."""
    return [WorkText(*row) for row in rows_of(_TEXTS, {"ids": list(ids)})]


def work_document(annotation: Annotation) -> dict[str, Any]:
    """As the database has it now, deleted ones too."""
    return work_documents(Annotation.objects.filter(pk=annotation.pk))[0]


def source_documents(source: Source) -> SourceDocuments:
    """Two statements. The cursor is read first, so that no event after it can be missed."""
    cursor = Ledger.objects.filter(desk=source.desk_id).values_list("seq", flat=True).first() or 0
    present = Annotation.objects.present().filter(source=source).order_by("id")
    return SourceDocuments(cursor, work_documents(present))


def review_queue(desk: Desk) -> QuerySet[Annotation]:
    """What waits for a reviewer, the longest waiting first."""
    return (
        Annotation.objects.present()
        .filter(desk=desk, state=State.SUBMITTED)
        .select_related("source", "head__label", "head__author")
        .order_by("submitted_at", "id")
    )
