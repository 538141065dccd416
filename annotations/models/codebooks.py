"""What a desk tags: labels and typed fields of each kind, in numbered versions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from annotations.models.desks import Desk
from annotations.models.names import IsName


class Kind(models.TextChoices):
    """The four things a passage can be tagged as."""

    CLAIM = "claim", "Claim"  # a statement somebody could check
    ENTITY = "entity", "Entity"  # a mention of a person, place, organization, …
    QUOTE = "quote", "Quote"  # somebody's words, with who said them
    FLAG = "flag", "Flag"  # something wrong with the text itself


class FieldType(models.TextChoices):
    """How a field's value is written and checked."""

    TEXT = "text", "One line"
    LONGTEXT = "longtext", "Several lines"
    DATE = "date", "Date"  # ISO 8601 calendar date
    CHOICE = "choice", "One of a list"
    URLS = "urls", "Web addresses"  # list of http(s) URLs
    ENTITY = "entity", "Record of the register"  # id of an Entity of the desk
    WIKIDATA = "wikidata", "Wikidata id"  # Q and digits


class Codebook(models.Model):
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="codebooks")
    version = models.PositiveIntegerField()
    guidelines = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "version"], name="one_codebook_per_desk_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"Codebook {self.version}"


class Label(models.Model):
    codebook = models.ForeignKey(Codebook, on_delete=models.CASCADE, related_name="labels")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["codebook", "kind", "name"], name="one_label_per_codebook_kind_and_name"
            ),
            models.CheckConstraint(
                condition=IsName("name") & IsName("title"), name="label_has_a_name_and_a_title"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="label_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class FieldDefinition(models.Model):
    codebook = models.ForeignKey(Codebook, on_delete=models.CASCADE, related_name="fields")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    type = models.CharField(max_length=10, choices=FieldType.choices)
    required = models.BooleanField(default=False)
    choices = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    help = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["codebook", "kind", "name"], name="one_field_per_codebook_kind_and_name"
            ),
            models.CheckConstraint(
                condition=IsName("name") & IsName("title"), name="field_has_a_name_and_a_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title
