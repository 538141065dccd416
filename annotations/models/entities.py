"""The desk's register of entities, which mentions point to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q

from annotations.models.desks import Desk
from annotations.models.identity import new_id
from annotations.models.names import AreNames, IsName
from annotations.models.words import Names


class Entity(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="entities")
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=60, help_text="A label of the kind entity.")
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    wikidata = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name_plural = "entities"
        indexes = [
            models.Index(fields=["desk", "name", "id"], name="records_by_name"),
            models.Index(
                fields=["wikidata"], condition=~Q(wikidata=""), name="records_by_wikidata"
            ),
            GinIndex(OpClass(Names("name", "aliases"), "gin_trgm_ops"), name="parts_of_records"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "type", "name"], name="one_entity_per_name_and_type"
            ),
            models.CheckConstraint(condition=IsName("name"), name="record_has_a_name"),
            models.CheckConstraint(condition=AreNames("aliases"), name="aliases_are_names"),
            models.CheckConstraint(
                condition=Q(wikidata="") | Q(wikidata__regex=r"^Q[1-9][0-9]*$"),
                name="wikidata_id_is_well_formed",
            ),
        ]

    def __str__(self) -> str:
        return self.name
