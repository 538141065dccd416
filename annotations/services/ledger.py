"""The ledger's pen. Called last in a transaction: the ledger stays locked until the commit."""

from __future__ import annotations

from annotations.models import (
    Annotation,
    Comment,
    Desk,
    Event,
    EventType,
    Source,
    User,
    Version,
)


def record(
    *,
    desk: Desk,
    type: EventType,
    actor: User | None,
    source: Source | None = None,
    annotation: Annotation | None = None,
    comment: Comment | None = None,
    version: int | None = None,
    note: str = "",
) -> Event:
    return Event.objects.create(
        desk=desk,
        type=type,
        actor=actor,
        source=source,
        annotation=annotation,
        comment=comment,
        version=version,
        note=note,
    )


def record_about(
    annotation: Annotation, version: Version, type: EventType, by: User, note: str = ""
) -> Event:
    """An event about an annotation, at the version of it that is concerned."""
    return record(
        desk=annotation.desk,
        type=type,
        actor=by,
        source=annotation.source,
        annotation=annotation,
        version=version.number,
        note=note,
    )


def record_public_links(annotation: Annotation, by: User) -> None:
    """An event for each published annotation that links to this one, which comes or goes.

    A relation is published while both its ends are, so what those say changes too. They are looked
    for under the lock of the ledger, which `record` has taken by now: whoever published one before
    has committed, and whoever does so later will find this one as it is now.
    """
    linking = (
        Annotation.objects.published()
        .filter(published__relations__to=annotation)
        .order_by("id")
        .distinct()
        .values_list("id", "source_id", "published__number")
    )
    Event.objects.bulk_create(
        Event(
            desk=annotation.desk,
            type=EventType.RELATIONS_CHANGED,
            actor=by,
            source_id=source,
            annotation_id=id,
            version=number,
        )
        for id, source, number in linking
    )


def record_talk(comment: Comment, type: EventType, by: User) -> Event:
    """An event about a comment; what it says stays with the comment, which may be deleted."""
    return record(
        desk=comment.desk,
        type=type,
        actor=by,
        source=comment.annotation.source,
        annotation=comment.annotation,
        comment=comment,
    )
