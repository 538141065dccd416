"""What administrators decide for everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0027_word_indexes")]

    operations = [
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("second_factor_required", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="the_site_has_one_row"
                    )
                ]
            },
        ),
    ]
