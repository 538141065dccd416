"""The feed of changes finds its events at once, however much else a desk's ledger holds."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("annotations", "0013_webhooks")]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="type",
            field=models.CharField(
                choices=[
                    ("source.imported", "imported"),
                    ("annotation.created", "tagged"),
                    ("annotation.edited", "edited"),
                    ("annotation.deleted", "deleted"),
                    ("annotation.restored", "restored"),
                    ("annotation.submitted", "submitted"),
                    ("annotation.approved", "approved"),
                    ("annotation.returned", "returned"),
                    ("annotation.rejected", "rejected"),
                    ("annotation.reopened", "reopened"),
                    ("annotation.withdrawn", "withdrew"),
                    ("relations.changed", "published or withdrew what this links to:"),
                    ("comment.created", "commented on"),
                    ("comment.edited", "edited a comment on"),
                    ("comment.deleted", "deleted a comment on"),
                    ("comment.restored", "brought back a comment on"),
                    ("comment.resolved", "resolved a thread on"),
                    ("comment.reopened", "reopened a thread on"),
                    ("suggestions.proposed", "proposed tags:"),
                    ("suggestions.dismissed", "dismissed proposals:"),
                    ("suggestions.reopened", "put proposals back:"),
                    ("release.cut", "cut"),
                    ("desk.changed", "changed the desk"),
                    ("key.made", "made a key"),
                    ("key.revoked", "revoked a key"),
                    ("webhook.added", "added a webhook"),
                    ("webhook.rotated", "changed the secret of a webhook"),
                    ("webhook.stopped", "stopped a webhook"),
                    ("webhook.started", "started a webhook"),
                    ("webhook.removed", "removed a webhook"),
                ],
                max_length=30,
            ),
        ),
        AddIndexConcurrently(
            "event",
            models.Index(
                fields=["desk", "seq"],
                condition=models.Q(
                    type__in=("annotation.approved", "annotation.withdrawn", "relations.changed")
                ),
                name="public_events_by_seq",
            ),
        ),
    ]
