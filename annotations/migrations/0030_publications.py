"""What is published, as lists ask for it, and its counters: tables that triggers keep."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# Rows are made anew for the annotations named: of what is published, of what it is linked with, and
# the counters by the difference to before. The ledger's lock, which every event takes, makes one
# transaction of a desk wait for the other, so that each counts what the one before committed.
PUBLISH = """
CREATE FUNCTION imprimatur_uuid(written text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN written ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN written::uuid END
$$;

CREATE FUNCTION imprimatur_publish(ids uuid[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    before annotations_publication[];
    changed annotations_publication[];
    touched uuid[];
BEGIN
    INSERT INTO annotations_ledger (desk_id, seq)
        SELECT DISTINCT a.desk_id, 0 FROM annotations_annotation a WHERE a.id = ANY(ids)
        ON CONFLICT (desk_id) DO NOTHING;
    PERFORM FROM annotations_ledger l
        WHERE l.desk_id IN (SELECT a.desk_id FROM annotations_annotation a WHERE a.id = ANY(ids))
        ORDER BY l.desk_id FOR UPDATE;
    PERFORM set_config('imprimatur.publishing', 'on', true);
    before := ARRAY(SELECT p FROM annotations_publication p WHERE p.annotation_id = ANY(ids));
    touched := ARRAY(
        SELECT unnest(ids)
        UNION SELECT p.annotation_id FROM annotations_relation r
            JOIN annotations_publication p ON p.version_id = r.version_id
            WHERE r.to_id = ANY(ids)
        UNION SELECT r.to_id FROM annotations_relation r
            WHERE r.type = 'contradicts' AND r.version_id IN (
                SELECT b.version_id FROM unnest(before) b
                UNION SELECT a.published_id FROM annotations_annotation a WHERE a.id = ANY(ids)
            )
    );

    DELETE FROM annotations_publication p WHERE p.annotation_id = ANY(ids) AND NOT EXISTS (
        SELECT FROM annotations_annotation a WHERE a.id = p.annotation_id AND a.published_id IS NOT NULL
    );
    INSERT INTO annotations_publication (
            annotation_id, version_id, desk_id, source_id, kind, label, record_id, wikidata, speaker,
            claimant, affiliation, verdict, is_disputed, published_at)
        SELECT a.id, v.id, a.desk_id, a.source_id, a.kind, l.name, record.id,
            left(coalesce(v.fields ->> 'wikidata', ''), 200), coalesce(v.fields ->> 'speaker', ''),
            coalesce(v.fields ->> 'claimant', ''), coalesce(v.fields ->> 'affiliation', ''),
            left(coalesce(v.fields ->> 'verdict', ''), 200), false, coalesce(a.published_at, v.created_at)
        FROM annotations_annotation a
        JOIN annotations_version v ON v.id = a.published_id
        JOIN annotations_label l ON l.id = v.label_id
        LEFT JOIN annotations_entity record
            ON record.id = imprimatur_uuid(v.fields ->> 'entity') AND record.desk_id = a.desk_id AND a.kind = 'entity'
        WHERE a.id = ANY(ids)
        ON CONFLICT (annotation_id) DO UPDATE SET
            version_id = excluded.version_id, label = excluded.label, record_id = excluded.record_id,
            wikidata = excluded.wikidata, speaker = excluded.speaker, claimant = excluded.claimant,
            affiliation = excluded.affiliation, verdict = excluded.verdict, published_at = excluded.published_at;

    UPDATE annotations_publication p SET is_disputed = now.is_disputed
        FROM (
            SELECT c.annotation_id, EXISTS (
                SELECT FROM annotations_relation r JOIN annotations_publication o ON o.annotation_id = r.to_id
                WHERE r.version_id = c.version_id AND r.type = 'contradicts'
            ) OR EXISTS (
                SELECT FROM annotations_relation r JOIN annotations_publication o ON o.version_id = r.version_id
                WHERE r.to_id = c.annotation_id AND r.type = 'contradicts'
            ) AS is_disputed
            FROM annotations_publication c WHERE c.annotation_id = ANY(touched) AND c.kind = 'claim'
        ) now
        WHERE p.annotation_id = now.annotation_id AND p.is_disputed <> now.is_disputed;
    DELETE FROM annotations_concern c WHERE c.annotation_id = ANY(touched);
    INSERT INTO annotations_concern (record_id, annotation_id, kind)
        SELECT p.record_id, p.annotation_id, p.kind FROM annotations_publication p
            WHERE p.annotation_id = ANY(touched) AND p.record_id IS NOT NULL
        UNION SELECT o.record_id, p.annotation_id, p.kind FROM annotations_publication p
            JOIN annotations_relation r ON r.version_id = p.version_id
            JOIN annotations_publication o ON o.annotation_id = r.to_id
            WHERE p.annotation_id = ANY(touched) AND o.record_id IS NOT NULL;

    changed := ARRAY(SELECT p FROM annotations_publication p WHERE p.annotation_id = ANY(ids));
    INSERT INTO annotations_desktally AS t (desk_id, published)
        SELECT d.desk_id, sum(d.n) FROM imprimatur_difference(before, changed) d
        GROUP BY d.desk_id HAVING sum(d.n) <> 0
        ON CONFLICT (desk_id) DO UPDATE SET published = t.published + excluded.published;
    INSERT INTO annotations_sourcetally AS t (source_id, desk_id, claims, entities, quotes, flags, imported_at)
        SELECT d.source_id, s.desk_id, d.claims, d.entities, d.quotes, d.flags, s.created_at
        FROM (
            SELECT c.source_id,
                coalesce(sum(c.n) FILTER (WHERE c.kind = 'claim'), 0) AS claims,
                coalesce(sum(c.n) FILTER (WHERE c.kind = 'entity'), 0) AS entities,
                coalesce(sum(c.n) FILTER (WHERE c.kind = 'quote'), 0) AS quotes,
                coalesce(sum(c.n) FILTER (WHERE c.kind = 'flag'), 0) AS flags
            FROM imprimatur_difference(before, changed) c GROUP BY c.source_id HAVING sum(c.n) <> 0
        ) d JOIN annotations_source s ON s.id = d.source_id
        ON CONFLICT (source_id) DO UPDATE SET
            claims = t.claims + excluded.claims, entities = t.entities + excluded.entities,
            quotes = t.quotes + excluded.quotes, flags = t.flags + excluded.flags;
    DELETE FROM annotations_sourcetally t
        WHERE t.source_id IN (SELECT b.source_id FROM unnest(before) b)
        AND t.claims + t.entities + t.quotes + t.flags = 0;
    INSERT INTO annotations_recordtally AS t (record_id, desk_id, name, mentions, sources)
        SELECT d.record_id, e.desk_id, e.name, sum(d.n), sum(d.is_there - d.was_there)
        FROM (
            SELECT pair.record_id, pair.n, least(now.n, 1) AS is_there, least(now.n - pair.n, 1) AS was_there
            FROM (
                SELECT c.record_id, c.source_id, sum(c.n) AS n FROM imprimatur_difference(before, changed) c
                WHERE c.record_id IS NOT NULL GROUP BY c.record_id, c.source_id HAVING sum(c.n) <> 0
            ) pair CROSS JOIN LATERAL (
                SELECT count(*) AS n FROM annotations_publication p
                WHERE p.record_id = pair.record_id AND p.source_id = pair.source_id
            ) now
        ) d JOIN annotations_entity e ON e.id = d.record_id
        GROUP BY d.record_id, e.desk_id, e.name
        ON CONFLICT (record_id) DO UPDATE SET
            mentions = t.mentions + excluded.mentions, sources = t.sources + excluded.sources;
    DELETE FROM annotations_recordtally t
        WHERE t.record_id IN (SELECT b.record_id FROM unnest(before) b) AND t.mentions = 0;
    PERFORM set_config('imprimatur.publishing', 'off', true);
END $$;

CREATE FUNCTION imprimatur_difference(before annotations_publication[], changed annotations_publication[])
RETURNS TABLE (desk_id uuid, source_id uuid, kind text, record_id uuid, n integer) LANGUAGE sql IMMUTABLE AS $$
    SELECT b.desk_id, b.source_id, b.kind, b.record_id, -1 FROM unnest(before) b
    UNION ALL SELECT c.desk_id, c.source_id, c.kind, c.record_id, 1 FROM unnest(changed) c
$$;

CREATE FUNCTION imprimatur_publish_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM imprimatur_publish(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER what_is_published_is_listed AFTER UPDATE OF published_id, published_at ON annotations_annotation
    FOR EACH ROW WHEN ((OLD.published_id, OLD.published_at) IS DISTINCT FROM (NEW.published_id, NEW.published_at))
    EXECUTE FUNCTION imprimatur_publish_row();
CREATE TRIGGER what_is_new_and_published_is_listed AFTER INSERT ON annotations_annotation
    FOR EACH ROW WHEN (NEW.published_id IS NOT NULL) EXECUTE FUNCTION imprimatur_publish_row();

CREATE FUNCTION imprimatur_rename_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('imprimatur.publishing', 'on', true);
    UPDATE annotations_recordtally SET name = NEW.name WHERE record_id = NEW.id;
    PERFORM set_config('imprimatur.publishing', 'off', true);
    RETURN NULL;
END $$;
CREATE TRIGGER tally_has_the_name_of_the_record AFTER UPDATE OF name ON annotations_entity
    FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION imprimatur_rename_record();

CREATE FUNCTION imprimatur_check_publishing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('imprimatur.publishing', true) IS DISTINCT FROM 'on' THEN
        PERFORM imprimatur_refuse('lists_follow_what_is_published', 'These rows follow what is published.');
    END IF;
    RETURN NULL;
END $$;
"""
TABLES = ("publication", "concern", "desktally", "sourcetally", "recordtally")
GUARDS = "".join(
    f"""CREATE TRIGGER lists_follow_what_is_published
    BEFORE INSERT OR UPDATE OR DELETE ON annotations_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_check_publishing();
    """
    for table in TABLES
)


AWAY = """
DROP TRIGGER what_is_published_is_listed ON annotations_annotation;
DROP TRIGGER what_is_new_and_published_is_listed ON annotations_annotation;
DROP TRIGGER tally_has_the_name_of_the_record ON annotations_entity;
DROP FUNCTION imprimatur_publish_row, imprimatur_rename_record, imprimatur_publish(uuid[]),
    imprimatur_difference(annotations_publication[], annotations_publication[]), imprimatur_uuid(text);
DROP FUNCTION imprimatur_check_publishing CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0029_words_of_events")]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Concern",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "annotation_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "annotation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="concerns",
                        to="annotations.annotation",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.entity",
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
            ],
        ),
        migrations.CreateModel(
            name="DeskTally",
            fields=[
                (
                    "desk",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="annotations.desk",
                    ),
                ),
                ("published", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "annotation",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="publication",
                        serialize=False,
                        to="annotations.annotation",
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
                ("label", models.CharField(help_text="The label's name.", max_length=60)),
                ("wikidata", models.TextField(blank=True)),
                ("speaker", models.TextField(blank=True)),
                ("claimant", models.TextField(blank=True)),
                ("affiliation", models.TextField(blank=True)),
                ("verdict", models.TextField(blank=True)),
                (
                    "is_disputed",
                    models.BooleanField(help_text="A published claim contradicts it, either way."),
                ),
                ("published_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RecordTally",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="annotations.entity",
                    ),
                ),
                ("name", models.CharField(help_text="The record's, to sort by.", max_length=200)),
                ("mentions", models.IntegerField()),
                ("sources", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SourceTally",
            fields=[
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="annotations.source",
                    ),
                ),
                ("claims", models.IntegerField()),
                ("entities", models.IntegerField()),
                ("quotes", models.IntegerField()),
                ("flags", models.IntegerField()),
                (
                    "imported_at",
                    models.DateTimeField(help_text="The source's `created_at`, to sort by."),
                ),
            ],
        ),
        migrations.AddField(
            model_name="publication",
            name="desk",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.desk",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="record",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.entity",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.source",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="version",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="publication",
                to="annotations.version",
            ),
        ),
        migrations.AddField(
            model_name="recordtally",
            name="desk",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.desk",
            ),
        ),
        migrations.AddField(
            model_name="sourcetally",
            name="desk",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.desk",
            ),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(fields=["record", "kind", "annotation"], name="concerns_of_a_kind"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["desk", "annotation"], name="publications_of_a_desk"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["desk", "kind", "annotation"], name="publications_of_a_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["desk", "label", "annotation"], name="publications_of_a_label"
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                fields=["desk", "kind", "label", "annotation"],
                name="publications_of_kind_label",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["source", "annotation"], name="publications_of_a_source"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("record__isnull", False)),
                fields=["record", "source", "annotation"],
                name="publications_of_a_record",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("record__isnull", False)),
                fields=["record", "annotation"],
                name="mentions_of_a_record",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("kind", "claim")),
                fields=["desk", "verdict", "annotation"],
                name="claims_of_a_verdict",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("is_disputed", True)),
                fields=["desk", "annotation"],
                name="disputed_claims",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("desk"),
                models.ExpressionWrapper(models.Q(("speaker", "")), models.BooleanField()),
                django.db.models.functions.text.Left(
                    django.db.models.functions.text.Lower("speaker"), 100
                ),
                models.F("annotation"),
                condition=models.Q(("kind", "quote")),
                name="quotes_by_speaker",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("wikidata", ""), _negated=True),
                fields=["wikidata", "annotation"],
                name="mentions_of_wikidata",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["desk", "published_at"], name="publications_by_time"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("speaker"), "gin_trgm_ops"
                ),
                name="published_speakers",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("claimant"), "gin_trgm_ops"
                ),
                name="published_claimants",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("affiliation"), "gin_trgm_ops"
                ),
                name="published_affiliations",
            ),
        ),
        migrations.AddIndex(
            model_name="recordtally",
            index=models.Index(fields=["desk", "name", "record"], name="read_records_by_name"),
        ),
        migrations.AddIndex(
            model_name="sourcetally",
            index=models.Index(
                fields=["desk", "-imported_at", "-source"], name="read_sources_by_time"
            ),
        ),
        migrations.AddIndex(
            model_name="sourcetally",
            index=models.Index(fields=["desk", "source"], name="read_sources"),
        ),
        migrations.RunSQL([PUBLISH, GUARDS], AWAY, elidable=False),
    ]
