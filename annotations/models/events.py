"""The desk's append-only ledger.

`seq` is given out by triggers under the lock of the desk's `Ledger` row, held until the writer
commits: within a desk it has no gaps and its order is the order of commits, so a reader that has
seen `seq` n never finds a smaller one later.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from annotations.models.accounts import User
from annotations.models.desks import Desk


class EventType(models.TextChoices):
    SOURCE_IMPORTED = "source.imported", "imported"
    ANNOTATION_CREATED = "annotation.created", "tagged"
    ANNOTATION_EDITED = "annotation.edited", "edited"
    ANNOTATION_DELETED = "annotation.deleted", "deleted"
    ANNOTATION_RESTORED = "annotation.restored", "restored"
    ANNOTATION_SUBMITTED = "annotation.submitted", "submitted"
    ANNOTATION_RECALLED = "annotation.recalled", "took back"
    ANNOTATION_APPROVED = "annotation.approved", "approved"
    ANNOTATION_RETURNED = "annotation.returned", "returned"
    ANNOTATION_REJECTED = "annotation.rejected", "rejected"
    ANNOTATION_REOPENED = "annotation.reopened", "reopened"
    ANNOTATION_WITHDRAWN = "annotation.withdrawn", "withdrew"
    RELATIONS_CHANGED = "relations.changed", "published or withdrew a tag that this links to:"
    COMMENT_CREATED = "comment.created", "commented on"
    COMMENT_EDITED = "comment.edited", "edited a comment on"
    COMMENT_DELETED = "comment.deleted", "deleted a comment on"
    COMMENT_RESTORED = "comment.restored", "restored a comment on"
    COMMENT_RESOLVED = "comment.resolved", "resolved a thread on"
    COMMENT_REOPENED = "comment.reopened", "reopened a thread on"
    SUGGESTIONS_PROPOSED = "suggestions.proposed", "suggested tags:"
    SUGGESTIONS_DISMISSED = "suggestions.dismissed", "dismissed suggestions:"
    SUGGESTIONS_REOPENED = "suggestions.reopened", "reopened suggestions:"
    RELEASE_CUT = "release.cut", "created"
    DESK_CHANGED = "desk.changed", "changed the desk"
    INVITATION_MADE = "invitation.made", "invited"
    INVITATION_REVOKED = "invitation.revoked", "revoked an invitation:"
    INVITATION_ACCEPTED = "invitation.accepted", "accepted an invitation:"
    KEY_MADE = "key.made", "created a key"
    KEY_REVOKED = "key.revoked", "revoked a key"
    WEBHOOK_ADDED = "webhook.added", "added a webhook"
    WEBHOOK_ROTATED = "webhook.rotated", "changed the secret of a webhook"
    WEBHOOK_STOPPED = "webhook.stopped", "stopped a webhook"
    WEBHOOK_STARTED = "webhook.started", "started a webhook"
    WEBHOOK_REMOVED = "webhook.removed", "removed a webhook"


# What changes something that is published; all else stays on the desk.
PUBLIC_EVENTS = (
    EventType.ANNOTATION_APPROVED,
    EventType.ANNOTATION_WITHDRAWN,
    EventType.RELATIONS_CHANGED,
)


class Ledger(models.Model):
    """The last `seq` given out on a desk."""

    desk = models.OneToOneField(Desk, on_delete=models.CASCADE, primary_key=True)
    seq = models.BigIntegerField(default=0)
    is_closed = models.BooleanField(
        default=False, db_default=False
    )  # as the desk says; a trigger copies it

    def __str__(self) -> str:
        return f"{self.desk_id}: {self.seq}"


class Event(models.Model):
    desk = models.ForeignKey(
        Desk, on_delete=models.CASCADE, related_name="events", db_constraint=False, db_index=False
    )
    seq = models.BigIntegerField(default=0, editable=False)
    type = models.CharField(max_length=30, choices=EventType.choices)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    source = models.ForeignKey(
        "Source",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    annotation = models.ForeignKey(
        "Annotation", on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False
    )
    comment = models.ForeignKey(
        "Comment", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(null=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "seq"], name="one_event_per_seq")]
        indexes = [
            models.Index(fields=["source", "seq"], name="events_of_a_source"),
            models.Index(
                fields=["desk", "seq"],
                condition=Q(type__in=PUBLIC_EVENTS),
                name="public_events_by_seq",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"
