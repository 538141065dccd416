"""Find parts of names as words are found: without capitals, accents and punctuation."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations

from annotations.models.words import Names, Spaced

NAMES = """
CREATE FUNCTION imprimatur_names(name text, others text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT string_agg(imprimatur_spaced(each), E'\\n') FROM unnest(name || others) each);
"""
# An index over an expression is used well only once it is known what the expression gives.
ANALYZE = "ANALYZE annotations_publication, annotations_entity, annotations_source"


def _of(field: str, name: str) -> GinIndex:
    return GinIndex(OpClass(Spaced(field), "gin_trgm_ops"), name=name)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("annotations", "0035_names_of_word_indexes")]

    operations = [
        migrations.RunSQL(NAMES, "DROP FUNCTION imprimatur_names(text, text[])"),
        AddIndexConcurrently("publication", _of("speaker", "parts_of_speakers")),
        AddIndexConcurrently("publication", _of("claimant", "parts_of_claimants")),
        AddIndexConcurrently("publication", _of("affiliation", "parts_of_affiliations")),
        AddIndexConcurrently("source", _of("publisher", "parts_of_publishers")),
        AddIndexConcurrently(
            "entity",
            GinIndex(OpClass(Names("name", "aliases"), "gin_trgm_ops"), name="parts_of_records"),
        ),
        RemoveIndexConcurrently("publication", "published_speakers"),
        RemoveIndexConcurrently("publication", "published_claimants"),
        RemoveIndexConcurrently("publication", "published_affiliations"),
        migrations.RunSQL(ANALYZE, migrations.RunSQL.noop),
    ]
