"""The place of a release in the ledger, by which releases are compared."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0014_public_events"),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="ledger_seq",
            field=models.BigIntegerField(
                help_text="What it holds is what was published then; null where it is not known.",
                null=True,
            ),
        ),
    ]
