"""What people say to each other about an annotation: threads of one level, and who is mentioned.

None of it is ever published.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from annotations.models.accounts import User
from annotations.models.desks import Desk
from annotations.models.identity import new_id
from annotations.models.tags import Annotation

LONGEST_COMMENT = 5_000  # code points


class Comment(models.Model):
    """`thread` is the comment that began the thread; None for that one itself, the root."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+")
    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, related_name="comments", db_constraint=False
    )
    thread = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(body__regex=r"\S"), name="a_comment_says_something"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), LONGEST_COMMENT),
                name="a_comment_is_not_endless",
            ),
            models.CheckConstraint(
                condition=Q(thread=None) | Q(resolved_at=None), name="only_a_root_is_resolved"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="somebody_resolved_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_id}: {self.body[:40]}"


class Mention(models.Model):
    """A member whom a comment calls; `seen_at` is when they saw it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "user"], name="one_mention_per_comment_and_user"
            )
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(seen_at=None), name="mentions_not_seen"),
            models.Index(fields=["user", "id"], name="mentions_of_a_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.comment_id}"
