"""A document with its provenance, and its immutable texts."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from annotations.models.accounts import User
from annotations.models.desks import Desk
from annotations.models.identity import new_id
from annotations.models.names import IsTrimmed
from annotations.models.words import Spaced, Words

# What a search of sources looks through.
PROVENANCE = Concat(F("title"), Value(" "), F("publisher"), Value(" "), F("author"))


class Source(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="sources")
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    published_on = models.DateField(null=True, blank=True)
    retrieved_on = models.DateField(null=True, blank=True)
    language = models.CharField(
        max_length=35, blank=True, help_text="BCP 47, for instance en or tr."
    )
    licence = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["desk", "-created_at", "-id"], name="sources_by_time"),
            models.Index(fields=["desk", "title", "id"], name="sources_by_title"),
            GinIndex(Words(PROVENANCE), name="words_of_sources"),
            GinIndex(OpClass(Spaced("publisher"), "gin_trgm_ops"), name="parts_of_publishers"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="source_has_a_title"),
            models.CheckConstraint(condition=IsTrimmed("title"), name="title_is_trimmed"),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """One immutable text of a source; a trigger refuses every change of the row."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    length = models.PositiveIntegerField(help_text="Code points.")
    sha256 = models.CharField(max_length=64, help_text="Of the text as UTF-8, hexadecimal.")
    original = models.BinaryField(help_text="The bytes as they came.")
    original_name = models.CharField(max_length=255, blank=True)
    importer = models.CharField(max_length=40)
    importer_version = models.CharField(max_length=20)
    warnings = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="one_revision_per_number"),
            models.CheckConstraint(condition=Q(length__gt=0), name="revision_has_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.source}, revision {self.number}"


class Chunk(models.Model):
    """A stretch of a revision's text: SIZE code points, at the end fewer.

    A trigger cuts them when the revision is written. They are there so that a few words can be
    read without the whole text.
    """

    SIZE = 1_024

    pk = models.CompositePrimaryKey("revision_id", "number")
    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="chunks", db_index=False
    )
    number = models.PositiveIntegerField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.revision_id}, chunk {self.number}"
