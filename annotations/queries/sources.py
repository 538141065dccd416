"""A desk's sources and their texts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotations import policy
from annotations.errors import NotFound
from annotations.models import Annotation, Desk, Membership, Revision, Role, Source, State, User
from annotations.policy import Action
from annotations.queries.counting import some_of


def sources_of(desk: Desk) -> QuerySet[Source]:
    """Newest first, each with the length of its text (code points) and how far its tags are.

    `open_count` are drafts and returned ones, `review_count` wait for a reviewer; these and
    `annotation_count` stop at MOST_COUNTED.
    """
    newest = Revision.objects.filter(source=OuterRef("pk")).order_by("-number")
    present = Annotation.objects.present().filter(source=OuterRef("pk"))
    tally = F("tally__claims") + F("tally__entities") + F("tally__quotes") + F("tally__flags")
    return (
        Source.objects.filter(desk=desk)
        .annotate(
            length=Subquery(newest.values("length")[:1]),
            annotation_count=some_of(present),
            open_count=some_of(present.filter(state__in=[State.DRAFT, State.RETURNED])),
            review_count=some_of(present.filter(state=State.SUBMITTED)),
            published_count=Coalesce(tally, 0),
        )
        .order_by("-created_at", "-id")
    )


def source_on(desk: Desk, id: UUID) -> Source:
    """Raises NotFound."""
    source = Source.objects.filter(desk=desk, id=id).select_related("desk", "created_by").first()
    if source is None:
        raise NotFound("There is no such source on this desk.")
    return source


def readable_sources(user: User, ids: Iterable[UUID]) -> list[Source]:
    """Those of the sources whose work this person may read, each with its desk."""
    roles = {each.desk_id: Role(each.role) for each in Membership.objects.filter(user=user)}
    sources = Source.objects.filter(id__in=ids, desk__in=roles).select_related("desk")
    return [
        source
        for source in sources
        if user.is_active and policy.allows(roles[source.desk_id], Action.READ_WORK)
    ]


def latest_revision(source: Source) -> Revision:
    """The newest text, without the original bytes. Raises NotFound while there is none."""
    revision = source.revisions.defer("original").order_by("-number").first()
    if revision is None:
        raise NotFound("This source has no text.")
    return revision
