"""Indexes over the words of 0026 in place of those over PostgreSQL's words, while others write."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Concat, Left

from annotations.models.words import FieldText, Words

PROVENANCE = Concat(F("title"), Value(" "), F("publisher"), Value(" "), F("author"))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("annotations", "0026_words")]

    operations = [
        AddIndexConcurrently("span", GinIndex(Words(Left("exact", 10_000)), name="span_words")),
        AddIndexConcurrently("version", GinIndex(Words(FieldText("fields")), name="field_words")),
        AddIndexConcurrently("source", GinIndex(Words(PROVENANCE), name="source_words")),
        RemoveIndexConcurrently("span", "words_of_spans"),
        RemoveIndexConcurrently("version", "words_of_fields"),
    ]
