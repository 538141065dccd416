import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import annotations.models.identity


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0003_comments"),
    ]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="origin",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The program that proposed it, with its version; empty when nobody but a person.",
                max_length=40,
            ),
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
                    ("annotation.approved", "approved"),
                    ("annotation.returned", "returned"),
                    ("annotation.rejected", "rejected"),
                    ("annotation.reopened", "reopened"),
                    ("annotation.withdrawn", "withdrew"),
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
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="type",
            field=models.CharField(
                choices=[
                    ("import", "Import"),
                    ("release", "Release"),
                    ("suggest", "Search"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=annotations.models.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("claim", "Claim"),
                            ("entity", "Entity"),
                            ("quote", "Quote"),
                            ("flag", "Flag"),
                        ],
                        max_length=10,
                    ),
                ),
                ("fields", models.JSONField(default=dict)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("exact", models.TextField()),
                ("prefix", models.CharField(blank=True, max_length=32)),
                ("suffix", models.CharField(blank=True, max_length=32)),
                (
                    "origin",
                    models.CharField(help_text="The program and its version.", max_length=40),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "annotation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="annotations.annotation",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="annotations.desk",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="suggestions",
                        to="annotations.job",
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="annotations.label",
                    ),
                ),
                (
                    "prompted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prompted",
                        to="annotations.annotation",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="annotations.revision",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="annotations.source",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["source", "state"], name="suggestions_of_a_source"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["desk", "id"],
                        name="open_suggestions_of_a_desk",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("start__lt", models.F("end"))),
                        name="suggestion_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin", ""), _negated=True),
                        name="suggestion_names_its_origin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("annotation", None),
                                ("decided_at", None),
                                ("decided_by", None),
                                ("state", "open"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(
                                    models.Q(("annotation__isnull", False), ("state", "accepted")),
                                    models.Q(("annotation", None), ("state", "dismissed")),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="suggestion_is_open_accepted_or_dismissed",
                    ),
                    models.UniqueConstraint(
                        models.F("revision"),
                        models.F("start"),
                        models.F("end"),
                        models.F("label"),
                        django.db.models.functions.text.MD5(
                            django.db.models.functions.comparison.Cast("fields", models.TextField())
                        ),
                        condition=models.Q(("state", "open")),
                        name="one_open_suggestion_of_a_tag",
                    ),
                ],
            },
        ),
    ]
