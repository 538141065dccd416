"""Fill in what work lists sort by, and make their indexes."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

BATCH = 1_000  # annotations in each transaction
NEXT = "SELECT id FROM annotations_annotation WHERE id > %s ORDER BY id LIMIT %s"
REPEAT = """
    UPDATE annotations_annotation SET head_id = head_id
    WHERE id = ANY(%s::uuid[]) AND head_id IS NOT NULL AND state IS NULL"""
BEFORE_ALL = "00000000-0000-0000-0000-000000000000"


def fill(_apps, schema_editor):
    """Batch after batch, each for itself; the trigger writes what is repeated."""
    with schema_editor.connection.cursor() as cursor:
        last = BEFORE_ALL
        while True:
            cursor.execute(NEXT, [last, BATCH])
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                break
            cursor.execute(REPEAT, [ids])
            last = ids[-1]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("annotations", "0032_work_lists")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="annotation",
            index=models.Index(fields=["desk", "id"], name="annotations_of_a_desk"),
        ),
        AddIndexConcurrently(
            model_name="annotation",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["source", "state"],
                name="work_on_a_source",
            ),
        ),
        AddIndexConcurrently(
            model_name="annotation",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("state__in", ["draft", "returned"])),
                fields=["desk", "author", "state", "updated_at", "id"],
                name="open_work",
            ),
        ),
        AddIndexConcurrently(
            model_name="annotation",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("state", "submitted")),
                fields=["desk", "submitted_at", "id"],
                name="review_queue",
            ),
        ),
        RemoveIndexConcurrently(
            model_name="annotation",
            name="annotations_of_a_source",
        ),
        migrations.AlterField(
            model_name="annotation",
            name="desk",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="annotations",
                to="annotations.desk",
            ),
        ),
        AddIndexConcurrently(
            model_name="entity",
            index=models.Index(fields=["desk", "name", "id"], name="records_by_name"),
        ),
        AddIndexConcurrently(
            model_name="entity",
            index=models.Index(
                condition=models.Q(("wikidata", ""), _negated=True),
                fields=["wikidata"],
                name="records_by_wikidata",
            ),
        ),
        AddIndexConcurrently(
            model_name="mention",
            index=models.Index(fields=["user", "id"], name="mentions_of_a_user"),
        ),
        AddIndexConcurrently(
            model_name="source",
            index=models.Index(fields=["desk", "-created_at", "-id"], name="sources_by_time"),
        ),
        AddIndexConcurrently(
            model_name="source",
            index=models.Index(fields=["desk", "title", "id"], name="sources_by_title"),
        ),
        AddIndexConcurrently(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["source", "start", "id"],
                name="open_suggestions_by_place",
            ),
        ),
        AddIndexConcurrently(
            model_name="suggestion",
            index=models.Index(fields=["desk", "state", "id"], name="suggestions_of_a_state"),
        ),
        AddIndexConcurrently(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", False)),
                fields=["desk", "decided_by", "decided_at"],
                name="suggestions_by_decision",
            ),
        ),
        RemoveIndexConcurrently(model_name="source", name="sources_of_a_desk"),
        RemoveIndexConcurrently(model_name="suggestion", name="open_suggestions_of_a_desk"),
    ]
