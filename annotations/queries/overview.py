"""What waits on a desk, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from annotations.models import Annotation, Decision, Desk, Source, Span, State, User


@dataclass(frozen=True)
class Counts:
    sources: int
    open: int
    in_review: int
    published: int


def counts_of(desk: Desk) -> Counts:
    """Two statements. `open` are drafts and returned versions of anybody."""
    state = "head__state"
    tags = Annotation.objects.filter(desk=desk).aggregate(
        open=Count("id", Q(deleted_at=None, **{f"{state}__in": [State.DRAFT, State.RETURNED]})),
        in_review=Count("id", Q(deleted_at=None, **{state: State.SUBMITTED})),
        published=Count("id", Q(published__isnull=False)),
    )
    return Counts(sources=Source.objects.filter(desk=desk).count(), **tags)


def returned_to(desk: Desk, user: User) -> QuerySet[Annotation]:
    """This author's versions that a reviewer sent back, newest first, with spans and notes."""
    return _own(desk, user, State.RETURNED).prefetch_related(
        Prefetch("head__decisions", Decision.objects.select_related("by").order_by("-id"))
    )


def drafts_of(desk: Desk, user: User) -> QuerySet[Annotation]:
    """What this author has not submitted yet, newest first."""
    return _own(desk, user, State.DRAFT)


def _own(desk: Desk, user: User, state: State) -> QuerySet[Annotation]:
    return (
        Annotation.objects.present()
        .filter(desk=desk, head__author=user, head__state=state)
        .select_related("source", "head__label")
        .prefetch_related(Prefetch("head__spans", Span.objects.order_by("start")))
        .order_by("-updated_at", "-id")
    )
