"""Fill in the records that what was published before concerns."""

from django.db import migrations
from django.db.transaction import atomic

BATCH = 1_000  # annotations in each transaction
NEXT = """
    SELECT DISTINCT annotation_id FROM annotations_concern
    WHERE annotation_id > %s ORDER BY annotation_id LIMIT %s"""
# Under the ledger's lock, as approvals; the trigger writes the words.
LEDGERS = """
    SELECT FROM annotations_ledger l
    WHERE l.desk_id IN (SELECT a.desk_id FROM annotations_annotation a WHERE a.id = ANY(%s::uuid[]))
    ORDER BY l.desk_id FOR UPDATE"""
MAY_WRITE = "SELECT set_config('imprimatur.publishing', 'on', true)"
PUBLISHED = """
    UPDATE annotations_publication SET words = ''
    WHERE annotation_id = ANY(%s::uuid[]) AND strpos(words, ' @') = 0"""
BEFORE_ALL = "00000000-0000-0000-0000-000000000000"


def fill(_apps, schema_editor):
    """Batch after batch, each for itself: people go on approving meanwhile."""
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
                cursor.execute(PUBLISHED, [ids])
            last = ids[-1]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("annotations", "0044_records_among_words")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("ANALYZE annotations_publication", ""),
    ]
