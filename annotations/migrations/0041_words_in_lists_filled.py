"""Fill in the words of what was written before, and look words up there instead of in the versions."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.db.transaction import atomic

from annotations.models.words import Vector

VECTOR = Vector(Concat(F("words"), Value(" ="), F("kind")))
BATCH = 1_000  # annotations in each transaction
NEXT = "SELECT id FROM annotations_annotation WHERE id > %s ORDER BY id LIMIT %s"
NEWEST = """
    INSERT INTO annotations_newestwords (annotation_id, desk_id, words)
    SELECT id, desk_id, '' FROM annotations_annotation
    WHERE id = ANY(%s::uuid[]) AND head_id IS NOT NULL ORDER BY id
    ON CONFLICT (annotation_id) DO NOTHING"""
# Under the ledger's lock, as approvals; the triggers write the words.
LEDGERS = """
    SELECT FROM annotations_ledger l
    WHERE l.desk_id IN (SELECT a.desk_id FROM annotations_annotation a WHERE a.id = ANY(%s::uuid[]))
    ORDER BY l.desk_id FOR UPDATE"""
MAY_WRITE = "SELECT set_config('imprimatur.publishing', 'on', true)"
PUBLISHED = """
    UPDATE annotations_publication SET version_id = version_id
    WHERE annotation_id = ANY(%s::uuid[]) AND words = ''"""
BEFORE_ALL = "00000000-0000-0000-0000-000000000000"


def fill(_apps, schema_editor):
    """Batch after batch, each for itself: people go on writing and approving meanwhile."""
    with schema_editor.connection.cursor() as cursor:
        last = BEFORE_ALL
        while True:
            cursor.execute(NEXT, [last, BATCH])
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                break
            with atomic(schema_editor.connection.alias):
                cursor.execute(LEDGERS, [ids])
                cursor.execute(MAY_WRITE)
                cursor.execute(NEWEST, [ids])
                cursor.execute(PUBLISHED, [ids])
            last = ids[-1]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("annotations", "0040_words_in_lists")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            "publication",
            GinIndex("desk", VECTOR, name="words_of_publications"),
        ),
        AddIndexConcurrently(
            "newestwords", GinIndex("desk", Vector("words"), name="words_of_newest_versions")
        ),
        migrations.RunSQL("ANALYZE annotations_publication, annotations_newestwords", ""),
        RemoveIndexConcurrently("span", "words_of_spans"),
        RemoveIndexConcurrently("version", "words_of_fields"),
    ]
