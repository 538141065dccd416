"""Comments on annotations, and the promises about them that the database keeps itself."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import annotations.models.identity

COMMENT = """
CREATE FUNCTION imprimatur_check_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.desk_id, NEW.annotation_id, NEW.thread_id, NEW.author_id, NEW.created_at)
       IS DISTINCT FROM (OLD.id, OLD.desk_id, OLD.annotation_id, OLD.thread_id, OLD.author_id, OLD.created_at) THEN
        PERFORM imprimatur_refuse('comment_stays_put', 'A comment keeps its annotation, thread and author.');
    END IF;
    IF NOT EXISTS (SELECT FROM annotations_annotation a WHERE a.id = NEW.annotation_id AND a.desk_id = NEW.desk_id) THEN
        PERFORM imprimatur_refuse('comment_is_on_its_desk', 'The annotation is of another desk.');
    END IF;
    IF NEW.thread_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM annotations_comment root
        WHERE root.id = NEW.thread_id AND root.annotation_id = NEW.annotation_id AND root.thread_id IS NULL
    ) THEN
        PERFORM imprimatur_refuse('a_reply_answers_a_root', 'A reply answers the comment that began a thread on the same annotation.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER comment_is_true BEFORE INSERT OR UPDATE ON annotations_comment
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_comment();
CREATE TRIGGER comment_is_kept BEFORE DELETE ON annotations_comment
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('comment_is_kept', 'Comments are kept.');

CREATE FUNCTION imprimatur_check_mention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.comment_id, NEW.user_id) IS DISTINCT FROM (OLD.comment_id, OLD.user_id) THEN
        PERFORM imprimatur_refuse('mention_stays_put', 'A mention keeps its comment and its person.');
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM annotations_comment c JOIN annotations_membership m ON m.desk_id = c.desk_id
        WHERE c.id = NEW.comment_id AND m.user_id = NEW.user_id
    ) THEN
        PERFORM imprimatur_refuse('mentioned_is_a_member', 'Only members of the desk are mentioned.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mention_is_true BEFORE INSERT OR UPDATE ON annotations_mention
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_mention();
"""

EVENT = """
CREATE FUNCTION imprimatur_check_event_of_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM annotations_comment c WHERE c.id = NEW.comment_id
        AND c.desk_id = NEW.desk_id AND c.annotation_id IS NOT DISTINCT FROM NEW.annotation_id
    ) THEN
        PERFORM imprimatur_refuse('event_names_its_comment', 'An event about a comment names its desk and annotation.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_of_comment_is_true BEFORE INSERT ON annotations_event
    FOR EACH ROW WHEN (NEW.comment_id IS NOT NULL) EXECUTE FUNCTION imprimatur_check_event_of_comment();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0002_promises"),
    ]

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
                    ("comment.created", "commented on"),
                    ("comment.edited", "edited a comment on"),
                    ("comment.deleted", "deleted a comment on"),
                    ("comment.restored", "brought back a comment on"),
                    ("comment.resolved", "resolved a thread on"),
                    ("comment.reopened", "reopened a thread on"),
                    ("release.cut", "cut"),
                    ("desk.changed", "changed the desk"),
                    ("key.made", "made a key"),
                    ("key.revoked", "revoked a key"),
                ],
                max_length=30,
            ),
        ),
        migrations.CreateModel(
            name="Comment",
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
                ("body", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("edited_at", models.DateTimeField(editable=False, null=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                ("resolved_at", models.DateTimeField(editable=False, null=True)),
                (
                    "annotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="annotations.annotation",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.desk",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="annotations.comment",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="event",
            name="comment",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.comment",
            ),
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField(editable=False, null=True)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="annotations.comment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("body__regex", "\\S")), name="a_comment_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("body"), 5000
                ),
                name="a_comment_is_not_endless",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("thread", None), ("resolved_at", None), _connector="OR"),
                name="only_a_root_is_resolved",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at", None), ("resolved_by", None)),
                    models.Q(("resolved_at__isnull", False), ("resolved_by__isnull", False)),
                    _connector="OR",
                ),
                name="somebody_resolved_it",
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("seen_at", None)), fields=["user"], name="mentions_not_seen"
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(
                fields=("comment", "user"), name="one_mention_per_comment_and_user"
            ),
        ),
        migrations.RunSQL([COMMENT, EVENT], elidable=False),
    ]
