"""Annotations that a program proposes, in a table of their own: nothing that publishes reads it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5, Cast

from annotations.models.accounts import User
from annotations.models.codebooks import Kind, Label
from annotations.models.desks import Desk
from annotations.models.identity import new_id
from annotations.models.jobs import Job
from annotations.models.sources import Revision, Source
from annotations.models.tags import Annotation


class Suggestion(models.Model):
    """One proposed tag on one span. What it says never changes; a person decides once or again."""

    class State(models.TextChoices):
        OPEN = "open", "Open"  # waits for a person
        ACCEPTED = "accepted", "Accepted"  # became an annotation of who accepted it
        DISMISSED = "dismissed", "Dismissed"  # not proposed again

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="suggestions")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="suggestions")
    revision = models.ForeignKey(Revision, on_delete=models.RESTRICT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.ForeignKey(Label, on_delete=models.RESTRICT, related_name="+")
    fields = models.JSONField(default=dict)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    origin = models.CharField(max_length=40, help_text="The program and its version.")
    prompted_by = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, null=True, related_name="prompted"
    )
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="suggestions")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    is_listed = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Proposed to the whole desk; false for a place chosen in Tag all.",
    )
    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, null=True, related_name="suggestions"
    )
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lt=F("end")), name="suggestion_is_not_empty"
            ),
            models.CheckConstraint(condition=~Q(origin=""), name="suggestion_names_its_origin"),
            models.CheckConstraint(
                condition=(
                    Q(state="open", annotation=None, decided_by=None, decided_at=None)
                    | Q(decided_by__isnull=False, decided_at__isnull=False)
                    & (
                        Q(state="accepted", annotation__isnull=False)
                        | Q(state="dismissed", annotation=None)
                    )
                ),
                name="suggestion_is_open_accepted_or_dismissed",
            ),
            models.UniqueConstraint(
                F("revision"), F("start"), F("end"), F("label"),
                MD5(Cast("fields", models.TextField())),
                condition=Q(state="open"),
                name="one_open_suggestion_of_a_tag",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["source", "state"], name="suggestions_of_a_source"),
            models.Index(
                fields=["source", "start", "id"],
                condition=Q(state="open", is_listed=True),
                name="listed_suggestions_by_place",
            ),
            models.Index(fields=["desk", "state", "id"], name="suggestions_of_a_state"),
            models.Index(
                fields=["desk", "decided_by", "decided_at"],
                condition=Q(decided_at__isnull=False),
                name="suggestions_by_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} [{self.start}, {self.end}) ({self.state})"
