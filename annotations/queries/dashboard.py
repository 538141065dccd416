"""What waits on a desk, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from annotations.models import Annotation, Decision, Desk, Source, Span, State, User
from annotations.queries.counting import count_some
from annotations.queries.published.annotations import published_count


@dataclass(frozen=True)
class Counts:
    sources: int
    open: int
    in_review: int
    published: int


def counts_of(desk: Desk) -> Counts:
    """Four statements. `open` are drafts and returned versions of anybody.

    All but `published` stop at MOST_COUNTED.
    """
    present = Annotation.objects.present().filter(desk=desk)
    return Counts(
        sources=count_some(Source.objects.filter(desk=desk)),
        open=count_some(present.filter(state__in=[State.DRAFT, State.RETURNED])),
        in_review=count_some(present.filter(state=State.SUBMITTED)),
        published=published_count(desk),
    )


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
        .filter(desk=desk, author=user, state=state)
        .select_related("source", "head__label")
        .prefetch_related(Prefetch("head__spans", Span.objects.order_by("start")))
        .order_by("-updated_at", "-id")
    )
