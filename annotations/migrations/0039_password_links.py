"""Only the newest link to a new password counts; those that were sent before this end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0038_index_of_listed_suggestions")]

    operations = [
        migrations.AddField(
            "user",
            "password_links",
            models.PositiveIntegerField(
                db_default=0, default=0, help_text="How many were made; only the newest counts."
            ),
        ),
    ]
