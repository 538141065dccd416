"""Who reads a source now: the only table that a crash may empty."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0007_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("selected", models.UUIDField(null=True)),
                ("seen_at", models.DateTimeField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.source",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "user"), name="one_presence_per_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("start__lte", models.F("end"))),
                        name="presence_ends_after_it_starts",
                    ),
                ],
            },
        ),
        # A sign of life every few seconds is not worth the write-ahead log.
        migrations.RunSQL(
            "ALTER TABLE annotations_presence SET UNLOGGED",
            "ALTER TABLE annotations_presence SET LOGGED",
        ),
    ]
