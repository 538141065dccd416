"""A version in review can go back to its author, who takes it back."""

from django.db import migrations, models

MAY_GO = """
CREATE OR REPLACE FUNCTION imprimatur_may_go(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (before, after) IN (
        ('draft', 'submitted'),{recalled}
        ('submitted', 'approved'),
        ('submitted', 'returned'),
        ('submitted', 'rejected'),
        ('returned', 'draft'),
        ('approved', 'withdrawn')
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0023_spans_are_trimmed")]

    operations = [
        migrations.RunSQL(
            MAY_GO.format(recalled="\n        ('submitted', 'draft'),"), MAY_GO.format(recalled="")
        ),
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
                    ("annotation.recalled", "took back"),
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
                    ("invitation.made", "invited"),
                    ("invitation.revoked", "revoked an invitation:"),
                    ("invitation.accepted", "accepted an invitation:"),
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
    ]
