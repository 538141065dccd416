"""The log of accounts, which only grows; lines older than a year may be deleted."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER account_log_is_append_only BEFORE UPDATE ON annotations_accountevent
    FOR EACH ROW EXECUTE FUNCTION
    imprimatur_immutable('account_log_is_append_only', 'The log of accounts is append-only.');
CREATE TRIGGER account_log_is_kept_for_a_year BEFORE DELETE ON annotations_accountevent
    FOR EACH ROW WHEN (OLD.at > now() - interval '365 days') EXECUTE FUNCTION
    imprimatur_immutable('account_log_is_kept_for_a_year', 'The log of accounts is kept for a year.');
"""
NO_LONGER = """
DROP TRIGGER account_log_is_append_only ON annotations_accountevent;
DROP TRIGGER account_log_is_kept_for_a_year ON annotations_accountevent;
"""


def person(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [("annotations", "0017_names_are_counted")]

    operations = [
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("type", models.CharField(max_length=30)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("address", models.GenericIPAddressField(null=True)),
                ("device", models.CharField(blank=True, help_text="User-Agent", max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("user", person("account_events")),
                ("actor", person("+")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-id"], name="account_events_of_a_user"),
                    models.Index(fields=["at"], name="account_events_by_age"),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, NO_LONGER),
    ]
