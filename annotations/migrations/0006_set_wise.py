"""The promises of 0002 about what is written often, checked for all rows of a statement at once.

Rules keep their names; each trigger sees the whole statement, so that one statement can write an
annotation with its version, spans, relations and event. A text is cut into chunks, so that a span
is compared with a few kilobytes and not with the whole text. Checks look rows up by index whatever
the planner thinks of tables that were small when it planned: their plans are kept.
"""

import django.db.models.deletion
from django.db import migrations, models

CHUNKS = """
-- A text in pieces of 4,096 code points: halved until they are that small, so that a long text is
-- walked through a few times and not once for each piece.
CREATE FUNCTION imprimatur_chunks(whole text) RETURNS TABLE (number integer, words text) LANGUAGE sql IMMUTABLE AS $$
    WITH RECURSIVE piece (number, size, words) AS (
        SELECT 0, (2 ^ greatest(ceil(log(2, char_length(whole) / 4096.0)), 0))::integer, whole
        UNION ALL
        SELECT half.number, half.size, half.words FROM piece CROSS JOIN LATERAL (VALUES
            (piece.number, piece.size / 2, left(piece.words, piece.size / 2 * 4096)),
            (piece.number + piece.size / 2, piece.size / 2, substr(piece.words, piece.size / 2 * 4096 + 1))
        ) AS half (number, size, words)
        WHERE piece.size > 1 AND half.words <> ''
    )
    SELECT piece.number, piece.words FROM piece WHERE piece.size = 1
$$;

INSERT INTO annotations_chunk (revision_id, number, text)
    SELECT r.id, c.number, c.words FROM annotations_revision r CROSS JOIN LATERAL imprimatur_chunks(r.text) c;

CREATE FUNCTION imprimatur_cut_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO annotations_chunk (revision_id, number, text)
        SELECT NEW.id, c.number, c.words FROM imprimatur_chunks(NEW.text) c;
    RETURN NULL;
END $$;
CREATE TRIGGER revision_is_cut AFTER INSERT ON annotations_revision
    FOR EACH ROW EXECUTE FUNCTION imprimatur_cut_revision();

-- Only the trigger above, which is one trigger deep, may write chunks.
CREATE TRIGGER chunk_is_cut_from_the_text BEFORE INSERT ON annotations_chunk
    FOR EACH ROW WHEN (pg_trigger_depth() < 1)
    EXECUTE FUNCTION imprimatur_immutable('chunk_is_cut_from_the_text', 'Chunks are cut from the text of a revision.');
CREATE TRIGGER chunk_is_immutable BEFORE UPDATE OR DELETE ON annotations_chunk
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('chunk_is_immutable', 'The text of a revision never changes.');
"""

KEPT = """
-- What rows without a foreign key of their own point to never goes away.
CREATE TRIGGER annotation_is_kept BEFORE DELETE ON annotations_annotation
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('annotation_is_kept', 'Annotations are kept.');
CREATE TRIGGER annotation_has_one_id BEFORE UPDATE ON annotations_annotation
    FOR EACH ROW WHEN (OLD.id <> NEW.id)
    EXECUTE FUNCTION imprimatur_immutable('annotation_stays_put', 'An annotation keeps its id.');
CREATE TRIGGER source_is_kept BEFORE DELETE ON annotations_source
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('source_is_kept', 'Sources are kept.');
CREATE TRIGGER source_stays_on_its_desk BEFORE UPDATE ON annotations_source
    FOR EACH ROW WHEN ((OLD.id, OLD.desk_id) IS DISTINCT FROM (NEW.id, NEW.desk_id))
    EXECUTE FUNCTION imprimatur_immutable('source_stays_on_its_desk', 'A source stays on its desk.');
CREATE TRIGGER codebook_is_immutable BEFORE UPDATE OR DELETE ON annotations_codebook
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('codebook_is_immutable', 'A codebook never changes.');
CREATE TRIGGER label_is_immutable BEFORE UPDATE OR DELETE ON annotations_label
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('codebook_is_immutable', 'A codebook never changes.');
CREATE TRIGGER field_definition_is_immutable BEFORE UPDATE OR DELETE ON annotations_fielddefinition
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('codebook_is_immutable', 'A codebook never changes.');
"""

ANNOTATION = """
DROP TRIGGER annotation_is_true ON annotations_annotation;
CREATE TRIGGER annotation_is_true BEFORE UPDATE ON annotations_annotation
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_annotation();

CREATE FUNCTION imprimatur_check_new_annotations() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    on_other_desk boolean;
    is_unapproved boolean;
    has_other_head boolean;
BEGIN
    SELECT bool_or(s.desk_id IS DISTINCT FROM w.desk_id),
           bool_or(w.published_id IS NOT NULL AND (p.annotation_id, p.state) IS DISTINCT FROM (w.id, 'approved')),
           bool_or(w.head_id IS NOT NULL AND h.annotation_id IS DISTINCT FROM w.id)
        INTO on_other_desk, is_unapproved, has_other_head
        FROM written w
        LEFT JOIN annotations_source s ON s.id = w.source_id
        LEFT JOIN annotations_version p ON p.id = w.published_id
        LEFT JOIN annotations_version h ON h.id = w.head_id;
    IF on_other_desk THEN
        PERFORM imprimatur_refuse('annotation_is_on_its_desk', 'The source is of another desk.');
    END IF;
    IF is_unapproved THEN
        PERFORM imprimatur_refuse('published_is_approved', 'Only an approved version is published.');
    END IF;
    IF has_other_head THEN
        PERFORM imprimatur_refuse('head_is_its_version', 'The head is a version of the annotation.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_annotations_are_true AFTER INSERT ON annotations_annotation REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_check_new_annotations();
"""

VERSION = """
DROP TRIGGER new_version_is_true ON annotations_version;
DROP FUNCTION imprimatur_check_new_version;

CREATE FUNCTION imprimatur_check_new_versions() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    is_no_draft boolean;
    fits boolean;
BEGIN
    SELECT bool_or(w.state <> 'draft'),
           bool_and(coalesce(r.source_id = a.source_id AND l.kind = a.kind AND c.desk_id = a.desk_id, false))
        INTO is_no_draft, fits
        FROM written w
        LEFT JOIN annotations_annotation a ON a.id = w.annotation_id
        LEFT JOIN annotations_revision r ON r.id = w.revision_id
        LEFT JOIN annotations_label l ON l.id = w.label_id
        LEFT JOIN annotations_codebook c ON c.id = l.codebook_id;
    IF is_no_draft THEN
        PERFORM imprimatur_refuse('version_starts_as_draft', 'A version starts as a draft.');
    END IF;
    IF NOT fits THEN
        PERFORM imprimatur_refuse('version_fits_its_annotation', 'The revision and label are of another source, kind or desk.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_versions_are_true AFTER INSERT ON annotations_version REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_check_new_versions();
"""

SPAN = """
DROP TRIGGER span_is_true ON annotations_span;
DROP FUNCTION imprimatur_check_span;
DROP TRIGGER relation_is_true ON annotations_relation;
DROP FUNCTION imprimatur_check_relation;
DROP FUNCTION imprimatur_check_version_is_open;

-- A version takes spans and relations until it is the head. It may be the head from the start, in
-- the one statement that writes all of it: then xmin and cmin, which name the statement that
-- wrote a row, are the same for all of its spans and relations, and none can be added later.
CREATE FUNCTION imprimatur_check_new_spans() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    is_outside boolean;
    is_untrue boolean;
    is_crossed boolean;
    is_late boolean;
BEGIN
    SELECT bool_or(w."end" > r.length),
           bool_or(w.exact IS DISTINCT FROM (
               SELECT substr(string_agg(c.text, '' ORDER BY c.number), w.start % 4096 + 1, w."end" - w.start)
               FROM annotations_chunk c
               WHERE c.revision_id = v.revision_id AND c.number BETWEEN w.start / 4096 AND (w."end" - 1) / 4096
           )),
           bool_or((SELECT true FROM annotations_span o
                    WHERE o.version_id = w.version_id AND o.id <> w.id AND o.start < w."end" AND w.start < o."end" LIMIT 1)),
           bool_or(v.number <= head.number AND (
               SELECT true FROM annotations_span mine JOIN annotations_span o ON o.version_id = mine.version_id
               WHERE mine.id = w.id AND NOT (o.xmin = mine.xmin AND o.cmin = mine.cmin) LIMIT 1))
        INTO is_outside, is_untrue, is_crossed, is_late
        FROM written w
        LEFT JOIN annotations_version v ON v.id = w.version_id
        LEFT JOIN annotations_revision r ON r.id = v.revision_id
        LEFT JOIN annotations_annotation a ON a.id = v.annotation_id
        LEFT JOIN annotations_version head ON head.id = a.head_id;
    IF is_outside THEN
        PERFORM imprimatur_refuse('span_is_inside_the_text', 'The span lies outside the text.');
    END IF;
    IF is_untrue THEN
        PERFORM imprimatur_refuse('span_is_exact', 'The words of the span are not those of the text.');
    END IF;
    IF is_crossed THEN
        PERFORM imprimatur_refuse('spans_do_not_overlap', 'The parts of one annotation do not overlap.');
    END IF;
    IF is_late THEN
        PERFORM imprimatur_refuse('version_is_immutable', 'What a version says never changes.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_spans_are_true AFTER INSERT ON annotations_span REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_check_new_spans();

CREATE FUNCTION imprimatur_check_new_relations() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    stays boolean;
    is_late boolean;
BEGIN
    SELECT bool_and(coalesce(b.desk_id = a.desk_id AND b.id <> a.id, false)),
           bool_or(v.number <= head.number AND (
               SELECT true FROM annotations_relation mine JOIN annotations_span o ON o.version_id = mine.version_id
               WHERE mine.id = w.id AND o.xmin = mine.xmin AND o.cmin = mine.cmin LIMIT 1) IS NULL)
        INTO stays, is_late
        FROM written w
        LEFT JOIN annotations_version v ON v.id = w.version_id
        LEFT JOIN annotations_annotation a ON a.id = v.annotation_id
        LEFT JOIN annotations_annotation b ON b.id = w.to_id
        LEFT JOIN annotations_version head ON head.id = a.head_id;
    IF NOT stays THEN
        PERFORM imprimatur_refuse('relation_stays_on_the_desk', 'A relation links two annotations of one desk.');
    END IF;
    IF is_late THEN
        PERFORM imprimatur_refuse('version_is_immutable', 'What a version says never changes.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_relations_are_true AFTER INSERT ON annotations_relation REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_check_new_relations();
"""

LEDGER = """
-- Numbers are given row by row, from a note of the last one given to each desk by this statement;
-- the ledger counts once, at its end, and refuses whatever a wrong note led to.
CREATE FUNCTION imprimatur_begin_numbering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('imprimatur.numbered', '{}', true);
    RETURN NULL;
END $$;
CREATE TRIGGER numbering_begins BEFORE INSERT ON annotations_event
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_begin_numbering();

CREATE OR REPLACE FUNCTION imprimatur_number_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    numbered jsonb := current_setting('imprimatur.numbered')::jsonb;
    last bigint := numbered -> NEW.desk_id::text;
BEGIN
    IF last IS NULL THEN
        INSERT INTO annotations_ledger (desk_id, seq) VALUES (NEW.desk_id, 0) ON CONFLICT (desk_id) DO NOTHING;
        SELECT l.seq INTO last FROM annotations_ledger l WHERE l.desk_id = NEW.desk_id FOR UPDATE;
    END IF;
    NEW.seq := last + 1;
    PERFORM set_config('imprimatur.numbered', (numbered || jsonb_build_object(NEW.desk_id, NEW.seq))::text, true);
    RETURN NEW;
END $$;

CREATE FUNCTION imprimatur_count_events() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    desk record;
BEGIN
    IF (SELECT bool_or(w.source_id IS NOT NULL AND s.desk_id IS DISTINCT FROM w.desk_id
                       OR w.annotation_id IS NOT NULL AND a.desk_id IS DISTINCT FROM w.desk_id)
        FROM written w
        LEFT JOIN annotations_source s ON s.id = w.source_id
        LEFT JOIN annotations_annotation a ON a.id = w.annotation_id) THEN
        PERFORM imprimatur_refuse('event_is_on_its_desk', 'An event is about a source and an annotation of its desk.');
    END IF;
    FOR desk IN SELECT w.desk_id AS id, min(w.seq) AS first, max(w.seq) AS last, count(*) AS events
                FROM written w GROUP BY w.desk_id LOOP
        UPDATE annotations_ledger l SET seq = desk.last
            WHERE l.desk_id = desk.id AND l.seq = desk.first - 1 AND desk.last - desk.first + 1 = desk.events;
        IF NOT FOUND THEN
            PERFORM imprimatur_refuse('event_is_numbered', 'Events are numbered without gaps.');
        END IF;
        PERFORM pg_notify('imprimatur_events', desk.id::text);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER events_are_counted AFTER INSERT ON annotations_event REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_count_events();

CREATE OR REPLACE FUNCTION imprimatur_check_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.seq <> 0) OR (TG_OP = 'UPDATE' AND (
        pg_trigger_depth() < 2 OR NEW.desk_id <> OLD.desk_id
        OR NEW.seq IS DISTINCT FROM (SELECT max(e.seq) FROM annotations_event e WHERE e.desk_id = NEW.desk_id)
    )) THEN
        PERFORM imprimatur_refuse('ledger_only_counts_events', 'The ledger counts its events and nothing else.');
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0005_promises_of_suggestions")]

    operations = [
        migrations.CreateModel(
            name="Chunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "revision_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                (
                    "revision",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="annotations.revision",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="annotation",
            name="desk",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="annotations",
                to="annotations.desk",
            ),
        ),
        migrations.AlterField(
            model_name="annotation",
            name="head",
            field=models.OneToOneField(
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="head_of",
                to="annotations.version",
            ),
        ),
        migrations.AlterField(
            model_name="annotation",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="annotations",
                to="annotations.source",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="annotation",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.annotation",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="desk",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="events",
                to="annotations.desk",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotations.source",
            ),
        ),
        migrations.AlterField(
            model_name="relation",
            name="version",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="relations",
                to="annotations.version",
            ),
        ),
        migrations.AlterField(
            model_name="span",
            name="version",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="spans",
                to="annotations.version",
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="annotation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="annotations.annotation",
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="label",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="annotations.label",
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="revision",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="annotations.revision",
            ),
        ),
        migrations.RunSQL([CHUNKS, KEPT, ANNOTATION, VERSION, SPAN, LEDGER], elidable=False),
    ]
