"""List what was published before there were lists of it."""

from django.db import migrations

BATCH = 1_000  # annotations in each transaction
NEXT = """
    SELECT id FROM annotations_annotation
    WHERE published_id IS NOT NULL AND id > %s ORDER BY id LIMIT %s"""
BEFORE_ALL = "00000000-0000-0000-0000-000000000000"


def fill(_apps, schema_editor):
    """Batch after batch, each for itself: approvals go on meanwhile, and list what they publish."""
    with schema_editor.connection.cursor() as cursor:
        last = BEFORE_ALL
        while True:
            cursor.execute(NEXT, [last, BATCH])
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                break
            cursor.execute("SELECT imprimatur_publish(%s::uuid[])", [ids])
            last = ids[-1]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("annotations", "0030_publications")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
