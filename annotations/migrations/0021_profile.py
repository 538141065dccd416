"""How pages are shown to a person: language and zone of times, theme."""

from django.db import migrations, models

LANGUAGE = "Of dates (BCP 47); empty for the browser's."
TIME_ZONE = "IANA name; empty for the browser's."
THEMES = [("", "As the system says"), ("light", "Light"), ("dark", "Dark")]


class Migration(migrations.Migration):
    dependencies = [("annotations", "0020_site")]

    operations = [
        migrations.AddField(
            "user",
            "language",
            models.CharField(
                blank=True, db_default="", default="", help_text=LANGUAGE, max_length=12
            ),
        ),
        migrations.AddField(
            "user",
            "time_zone",
            models.CharField(
                blank=True, db_default="", default="", help_text=TIME_ZONE, max_length=64
            ),
        ),
        migrations.AddField(
            "user",
            "theme",
            models.CharField(blank=True, choices=THEMES, db_default="", default="", max_length=5),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("theme__in", ["", "light", "dark"])), name="theme_is_known"
            ),
        ),
    ]
