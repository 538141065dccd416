"""Deleting and bringing back many annotations in one stroke, with as few statements as for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, Refused
from annotations.models import Annotation, Desk, Event, EventType, State, User
from annotations.policy import Action
from annotations.services.tagging.annotations import head_of


@transaction.atomic
def delete_annotations(*, desk: Desk, by: User, ids: Iterable[UUID]) -> None:
    """Those that are there, all or none, unless one is no draft or somebody else wrote its head.

    Raises as delete_annotation does, and Conflict for one of these.
    """
    role = policy.require(by, desk, Action.TAG)
    annotations = [each for each in _locked(desk, ids) if each.deleted_at is None]
    for annotation in annotations:
        if annotation.created_by_id != by.id and not policy.allows(role, Action.DELETE_ANY):
            raise Refused("Only its creator or a reviewer may delete an annotation.")
        if annotation.published_id:
            raise Conflict("One of these is published: withdraw it with a reason first.")
        head = head_of(annotation)
        if head.author_id != by.id:
            words = " … ".join(span.exact for span in head.spans.order_by("start"))
            raise Conflict(f"{head.author} has edited “{words[:60]}” meanwhile.")
        if head.state == State.SUBMITTED:
            raise Conflict("One of these is in review: take it back first.")
        if head.state != State.DRAFT:
            raise Conflict(f"One of these was {State(head.state).label.lower()} meanwhile.")
    _mark(annotations, timezone.now(), EventType.ANNOTATION_DELETED, by)


@transaction.atomic
def restore_annotations(*, desk: Desk, by: User, ids: Iterable[UUID]) -> None:
    """Those that are deleted. Raises NotFound, Refused."""
    policy.require(by, desk, Action.TAG)
    annotations = [each for each in _locked(desk, ids) if each.deleted_at is not None]
    _mark(annotations, None, EventType.ANNOTATION_RESTORED, by)


def _locked(desk: Desk, ids: Iterable[UUID]) -> list[Annotation]:
    """Two statements: one that waited for a lock would still join the head of before the wait."""
    rows = Annotation.objects.filter(desk=desk, id__in=list(ids)).order_by("id")
    found = list(rows.select_for_update().values_list("id", flat=True))
    return list(Annotation.objects.filter(id__in=found).select_related("head__author"))


def _mark(
    annotations: Sequence[Annotation], deleted_at: datetime | None, type: EventType, by: User
) -> None:
    rows = Annotation.objects.filter(id__in=[each.id for each in annotations])
    rows.update(deleted_at=deleted_at, updated_at=timezone.now())
    Event.objects.bulk_create(
        Event(
            desk_id=each.desk_id,
            type=type,
            actor=by,
            source_id=each.source_id,
            annotation=each,
            version=head_of(each).number,
        )
        for each in annotations
    )
