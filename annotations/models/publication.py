"""Read model of what is published, and its counters: triggers write both, nothing else does.

A row for each published annotation repeats what lists filter and sort by, so that one index serves
each of them. Counters change in the same transaction, under the lock of the desk's ledger.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import Concat, Left, Lower

from annotations.models.codebooks import Kind
from annotations.models.desks import Desk
from annotations.models.entities import Entity
from annotations.models.sources import Source
from annotations.models.tags import Annotation, Version
from annotations.models.words import Spaced, Vector

# What lists of quotes sort by: a name's first code points, those without a name last.
SPEAKER_KEY = Left(Lower("speaker"), 100)
IS_UNNAMED = ExpressionWrapper(Q(speaker=""), models.BooleanField())


def published_vector(path: str = "") -> Vector:
    """The kind counts as a word: as a column, the index would be taken for lists without words."""
    return Vector(Concat(F(f"{path}words"), Value(" ="), F(f"{path}kind")))


def _searched(field: str) -> GinIndex:
    """Finds parts of a name, however it is spelled (text/words.py)."""
    return GinIndex(OpClass(Spaced(field), "gin_trgm_ops"), name=f"parts_of_{field}s")


class Publication(models.Model):
    """`record` is what a mention stands for; texts are empty where not given."""

    annotation = models.OneToOneField(
        Annotation,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="publication",
        db_constraint=False,
    )
    version = models.OneToOneField(
        Version, on_delete=models.CASCADE, related_name="publication", db_constraint=False
    )
    desk = models.ForeignKey(
        Desk, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=60, help_text="The label's name.")
    record = models.ForeignKey(
        Entity,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    wikidata = models.TextField(blank=True)
    speaker = models.TextField(blank=True)
    claimant = models.TextField(blank=True)
    affiliation = models.TextField(blank=True)
    verdict = models.TextField(blank=True)
    is_disputed = models.BooleanField(help_text="A published claim contradicts it, either way.")
    published_at = models.DateTimeField()
    words = models.TextField(
        default="", db_default="", editable=False, help_text="As text/words.py cuts them."
    )

    class Meta:
        indexes = [
            GinIndex("desk", published_vector(), name="words_of_publications"),
            models.Index(fields=["desk", "annotation"], name="publications_of_a_desk"),
            models.Index(fields=["desk", "kind", "annotation"], name="publications_of_a_kind"),
            models.Index(fields=["desk", "label", "annotation"], name="publications_of_a_label"),
            models.Index(
                fields=["desk", "kind", "label", "annotation"], name="publications_of_kind_label"
            ),
            models.Index(fields=["source", "annotation"], name="publications_of_a_source"),
            models.Index(
                fields=["record", "source", "annotation"],
                condition=Q(record__isnull=False),
                name="publications_of_a_record",
            ),
            models.Index(
                fields=["record", "annotation"],
                condition=Q(record__isnull=False),
                name="mentions_of_a_record",
            ),
            models.Index(
                fields=["desk", "verdict", "annotation"],
                condition=Q(kind="claim"),
                name="claims_of_a_verdict",
            ),
            models.Index(
                fields=["desk", "annotation"],
                condition=Q(is_disputed=True),
                name="disputed_claims",
            ),
            models.Index(
                F("desk"), IS_UNNAMED, SPEAKER_KEY, F("annotation"),
                condition=Q(kind="quote"), name="quotes_by_speaker",
            ),
            models.Index(
                fields=["wikidata", "annotation"],
                condition=~Q(wikidata=""),
                name="mentions_of_wikidata",
            ),
            models.Index(fields=["desk", "published_at"], name="publications_by_time"),
            _searched("speaker"), _searched("claimant"), _searched("affiliation"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.annotation_id}"


class NewestWords(models.Model):
    """The words of each annotation's newest version, which searches of work look through."""

    annotation = models.OneToOneField(
        Annotation,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="newest_words",
        db_constraint=False,
    )
    desk = models.ForeignKey(
        Desk, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    words = models.TextField(editable=False)

    class Meta:
        indexes = [GinIndex("desk", Vector("words"), name="words_of_newest_versions")]

    def __str__(self) -> str:
        return f"Words of {self.annotation_id}"


class Concern(models.Model):
    """A published annotation mentions the record, or links to an annotation that does."""

    pk = models.CompositePrimaryKey("record_id", "annotation_id")
    record = models.ForeignKey(
        Entity, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    annotation = models.ForeignKey(
        Annotation, on_delete=models.CASCADE, related_name="concerns", db_constraint=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        indexes = [
            models.Index(fields=["record", "kind", "annotation"], name="concerns_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id} concerns {self.record_id}"


class DeskTally(models.Model):
    """How many annotations of the desk are published."""

    desk = models.OneToOneField(
        Desk, on_delete=models.CASCADE, primary_key=True, related_name="tally"
    )
    published = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.desk_id}: {self.published}"


class SourceTally(models.Model):
    """How many annotations of each kind are published on a source; only of sources with any."""

    source = models.OneToOneField(
        Source, on_delete=models.CASCADE, primary_key=True, related_name="tally"
    )
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+", db_index=False)
    claims = models.IntegerField()
    entities = models.IntegerField()
    quotes = models.IntegerField()
    flags = models.IntegerField()
    imported_at = models.DateTimeField(help_text="The source's `created_at`, to sort by.")

    class Meta:
        indexes = [
            models.Index(fields=["desk", "-imported_at", "-source"], name="read_sources_by_time"),
            models.Index(fields=["desk", "source"], name="read_sources"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.published}"

    @property
    def published(self) -> int:
        return self.claims + self.entities + self.quotes + self.flags


class RecordTally(models.Model):
    """How many published mentions a record has, in how many sources; only of records with any."""

    record = models.OneToOneField(
        Entity, on_delete=models.CASCADE, primary_key=True, related_name="tally"
    )
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200, help_text="The record's, to sort by.")
    mentions = models.IntegerField()
    sources = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["desk", "name", "record"], name="read_records_by_name")]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.mentions}"
