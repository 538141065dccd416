"""Places chosen in Tag all are suggestions that no list shows, also after an undo."""

from django.db import migrations, models

LISTED = """
CREATE TRIGGER listed_suggestion_stays_listed BEFORE UPDATE OF is_listed ON annotations_suggestion
    FOR EACH ROW WHEN (OLD.is_listed AND NOT NEW.is_listed)
    EXECUTE FUNCTION imprimatur_immutable('listed_suggestion_stays_listed', 'A suggestion stays in the list of its desk.');
"""
NOT_LISTED = "DROP TRIGGER listed_suggestion_stays_listed ON annotations_suggestion"


class Migration(migrations.Migration):
    dependencies = [("annotations", "0036_parts_of_names")]

    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="is_listed",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Proposed to the whole desk; false for a place chosen in Tag all.",
            ),
        ),
        migrations.RunSQL(LISTED, NOT_LISTED),
    ]
