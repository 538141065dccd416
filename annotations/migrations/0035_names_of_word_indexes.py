"""The indexes over words have the names that those before them had."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("annotations", "0034_closed_accounts")]

    operations = [
        migrations.RenameIndex("span", new_name="words_of_spans", old_name="span_words"),
        migrations.RenameIndex("version", new_name="words_of_fields", old_name="field_words"),
        migrations.RenameIndex("source", new_name="words_of_sources", old_name="source_words"),
    ]
