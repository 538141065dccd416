"""What lists of work sort by, repeated beside the annotation: state, author and time of its head."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# BEFORE triggers of a row go by name: this one comes after `annotation_is_true`.
REPEAT = """
CREATE FUNCTION imprimatur_repeat_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT v.state, v.author_id, v.submitted_at INTO NEW.state, NEW.author_id, NEW.submitted_at
        FROM annotations_version v WHERE v.id = NEW.head_id;
    IF NOT FOUND AND NEW.head_id IS NOT NULL THEN -- written later in this very statement, as a draft
        NEW.state := 'draft';
        NEW.author_id := NEW.created_by_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER annotation_repeats_its_head BEFORE INSERT OR UPDATE ON annotations_annotation
    FOR EACH ROW EXECUTE FUNCTION imprimatur_repeat_head();

CREATE FUNCTION imprimatur_tell_head() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    UPDATE annotations_annotation a SET head_id = a.head_id FROM written w
        WHERE a.head_id = w.id
        AND (a.state, a.author_id, a.submitted_at) IS DISTINCT FROM (w.state, w.author_id, w.submitted_at);
    RETURN NULL;
END $$;
CREATE TRIGGER head_is_repeated_when_written AFTER INSERT ON annotations_version
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_tell_head();
CREATE TRIGGER head_is_repeated_when_changed AFTER UPDATE ON annotations_version
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_tell_head();
"""


AWAY = """
DROP TRIGGER annotation_repeats_its_head ON annotations_annotation;
DROP TRIGGER head_is_repeated_when_written ON annotations_version;
DROP TRIGGER head_is_repeated_when_changed ON annotations_version;
DROP FUNCTION imprimatur_repeat_head, imprimatur_tell_head;
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0031_publications_filled")]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="author",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="annotation",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("submitted", "In review"),
                    ("approved", "Approved"),
                    ("returned", "Returned"),
                    ("rejected", "Rejected"),
                    ("withdrawn", "Withdrawn"),
                ],
                editable=False,
                max_length=10,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="annotation",
            name="submitted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(REPEAT, AWAY, elidable=False),
    ]
