"""Annotations, their versions, and the spans and relations of each version.

What a version says never changes; an edit makes the next version. Only its state moves on.

Where a foreign key has no constraint of its own, a trigger checks all rows of a statement at once
and another keeps what they point to from going away (migration 0006): a foreign key looks up row by
row, which made up most of the time that it takes to write many.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from annotations.models.accounts import User
from annotations.models.codebooks import Kind, Label
from annotations.models.desks import Desk
from annotations.models.identity import new_id
from annotations.models.sources import Revision, Source
from annotations.models.states import State
from annotations.models.words import FieldWords
from annotations.text.spans import CONTEXT

__all__ = ["FieldWords"]  # where migration 0007 looks for it


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def present(self) -> AnnotationQuerySet:
        return self.filter(deleted_at=None)

    def published(self) -> AnnotationQuerySet:
        """Those with an approved version; a later draft of the same annotation changes nothing."""
        return self.exclude(published=None)


class Annotation(models.Model):
    """A tag by an author on spans of one source. `head` is its newest version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = models.ForeignKey(
        Desk,
        on_delete=models.CASCADE,
        related_name="annotations",
        db_constraint=False,
        db_index=False,
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        related_name="annotations",
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    head = models.OneToOneField(
        "Version",
        on_delete=models.RESTRICT,
        null=True,
        related_name="head_of",
        editable=False,
        db_constraint=False,
    )
    published = models.OneToOneField(
        "Version", on_delete=models.RESTRICT, null=True, related_name="published_of", editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(
        max_length=40,
        blank=True,
        editable=False,
        db_default="",
        default="",
        help_text="The program that proposed it, with its version; empty when nobody but a person.",
    )

    # What the newest version says of these, repeated by a trigger so that work lists have indexes.
    state = models.CharField(  # noqa: DJ001 - an annotation without a head has none
        max_length=10, choices=State.choices, null=True, editable=False
    )
    author = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_constraint=False,
        db_index=False,
    )
    submitted_at = models.DateTimeField(null=True, editable=False)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["desk", "id"], name="annotations_of_a_desk"),
            models.Index(
                fields=["source", "state"],
                condition=Q(deleted_at=None),
                name="work_on_a_source",
            ),
            models.Index(
                fields=["desk", "author", "state", "updated_at", "id"],
                condition=Q(deleted_at=None, state__in=["draft", "returned"]),
                name="open_work",
            ),
            models.Index(
                fields=["desk", "submitted_at", "id"],
                condition=Q(deleted_at=None, state="submitted"),
                name="review_queue",
            ),
            models.Index(
                fields=["desk", "id"], condition=Q(published__isnull=False), name="published_by_id"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="kind_is_known"),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(published=None), name="published_is_not_deleted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Version(models.Model):
    annotation = models.ForeignKey(
        Annotation,
        on_delete=models.CASCADE,
        related_name="versions",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField()
    revision = models.ForeignKey(
        Revision, on_delete=models.RESTRICT, related_name="+", db_constraint=False, db_index=False
    )
    label = models.ForeignKey(
        Label, on_delete=models.RESTRICT, related_name="+", db_constraint=False, db_index=False
    )
    fields = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="versions", db_constraint=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotation", "number"], name="one_version_per_number"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="state_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at"], condition=Q(state="submitted"), name="versions_in_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id} v{self.number} ({self.state})"


class Span(models.Model):
    """Half-open code point offsets in the version's revision, and the words that stand there."""

    version = models.ForeignKey(
        Version,
        on_delete=models.CASCADE,
        related_name="spans",
        db_constraint=False,
        db_index=False,
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=CONTEXT, blank=True)
    suffix = models.CharField(max_length=CONTEXT, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="span_is_not_empty"),
            models.UniqueConstraint(fields=["version", "start"], name="one_span_per_start"),
        ]

    def __str__(self) -> str:
        return f"[{self.start}, {self.end})"


class RelationType(models.TextChoices):
    """Typed links between annotations."""

    SAID_BY = "said_by", "said by"  # quote → entity
    ABOUT = "about", "about"  # claim or flag → what it is about
    SUPPORTS = "supports", "supports"  # claim → claim
    CONTRADICTS = "contradicts", "contradicts"  # claim → claim
    REPEATS = "repeats", "repeats"  # claim → claim
    STATED_IN = "stated_in", "stated in"  # claim → quote
    SAME_AS = "same_as", "same as"  # entity → entity


# Which kinds a relation may lead from, and to.
RELATES: dict[RelationType, tuple[frozenset[Kind], frozenset[Kind]]] = {
    RelationType.SAID_BY: (frozenset({Kind.QUOTE}), frozenset({Kind.ENTITY})),
    RelationType.ABOUT: (frozenset({Kind.CLAIM, Kind.FLAG}), frozenset(Kind)),
    RelationType.SUPPORTS: (frozenset({Kind.CLAIM}), frozenset({Kind.CLAIM})),
    RelationType.CONTRADICTS: (frozenset({Kind.CLAIM}), frozenset({Kind.CLAIM})),
    RelationType.REPEATS: (frozenset({Kind.CLAIM}), frozenset({Kind.CLAIM})),
    RelationType.STATED_IN: (frozenset({Kind.CLAIM}), frozenset({Kind.QUOTE})),
    RelationType.SAME_AS: (frozenset({Kind.ENTITY}), frozenset({Kind.ENTITY})),
}


class Relation(models.Model):
    """A link from a version to another annotation; reviewed with the version that carries it.

    `uid` stays the same while later versions carry the link on.
    """

    uid = models.UUIDField(default=new_id, editable=False)
    version = models.ForeignKey(
        Version,
        on_delete=models.CASCADE,
        related_name="relations",
        db_constraint=False,
        db_index=False,
    )
    type = models.CharField(max_length=12, choices=RelationType.choices)
    to = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, related_name="referred_by", db_constraint=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "type", "to"], name="one_relation_each"),
            models.UniqueConstraint(fields=["version", "uid"], name="one_relation_per_uid"),
            models.CheckConstraint(
                condition=Q(type__in=RelationType.values), name="relation_type_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.to_id}"


class Decision(models.Model):
    """A reviewer's word on one version; a trigger keeps authors from approving their own."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", "Approve"
        RETURN = "return", "Return"
        REJECT = "reject", "Reject"

    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, related_name="decisions", db_index=False
    )
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="approve") | ~Q(note=""),
                name="a_return_or_rejection_has_a_note",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["approve", "return", "reject"]), name="verdict_is_known"
            ),
        ]
        indexes = [models.Index(fields=["version", "id"], name="decisions_of_versions")]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.by_id}"

    @property
    def outcome(self) -> str:
        """What the decision did to the version, such as “Approved”."""
        return DECIDED[self.Verdict(self.verdict)].label


# The state that a decision leads to.
DECIDED: dict[Decision.Verdict, State] = {
    Decision.Verdict.APPROVE: State.APPROVED,
    Decision.Verdict.RETURN: State.RETURNED,
    Decision.Verdict.REJECT: State.REJECTED,
}
