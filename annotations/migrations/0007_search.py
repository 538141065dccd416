"""Indexes for finding annotations by their words, built while others write."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.contrib.postgres.search import SearchVector
from django.db import migrations
from django.db.models.functions import Left

from annotations.models.tags import FieldWords


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("annotations", "0006_set_wise")]

    operations = [
        AddIndexConcurrently(
            "span",
            GinIndex(SearchVector(Left("exact", 10_000), config="simple"), name="words_of_spans"),
        ),
        AddIndexConcurrently("version", GinIndex(FieldWords("fields"), name="words_of_fields")),
    ]
