"""Chunks of 1,024 code points: small enough to stand in their rows as they are.

Those of 4,096 were compressed, and unpacking one for each span took longer than all other checks.
"""

from django.db import migrations

CHUNKS = """
CREATE OR REPLACE FUNCTION imprimatur_chunks(whole text) RETURNS TABLE (number integer, words text) LANGUAGE sql IMMUTABLE AS $$
    WITH RECURSIVE piece (number, size, words) AS (
        SELECT 0, (2 ^ greatest(ceil(log(2, char_length(whole) / 1024.0)), 0))::integer, whole
        UNION ALL
        SELECT half.number, half.size, half.words FROM piece CROSS JOIN LATERAL (VALUES
            (piece.number, piece.size / 2, left(piece.words, piece.size / 2 * 1024)),
            (piece.number + piece.size / 2, piece.size / 2, substr(piece.words, piece.size / 2 * 1024 + 1))
        ) AS half (number, size, words)
        WHERE piece.size > 1 AND half.words <> ''
    )
    SELECT piece.number, piece.words FROM piece WHERE piece.size = 1
$$;

-- The lock keeps importers out until the new ones are there.
LOCK TABLE annotations_revision IN SHARE ROW EXCLUSIVE MODE;
TRUNCATE annotations_chunk;
ALTER TABLE annotations_chunk ALTER COLUMN text SET STORAGE PLAIN;
ALTER TABLE annotations_chunk DISABLE TRIGGER chunk_is_cut_from_the_text;
INSERT INTO annotations_chunk (revision_id, number, text)
    SELECT r.id, c.number, c.words FROM annotations_revision r CROSS JOIN LATERAL imprimatur_chunks(r.text) c;
SET CONSTRAINTS ALL IMMEDIATE; -- a table with checks to come is not altered
ALTER TABLE annotations_chunk ENABLE TRIGGER chunk_is_cut_from_the_text;
"""

SPAN = """
-- `o` goes through all spans of the version; the words are compared where it is the new span itself.
CREATE OR REPLACE FUNCTION imprimatur_check_new_spans() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    is_outside boolean;
    is_untrue boolean;
    is_crossed boolean;
    is_late boolean;
BEGIN
    SELECT bool_or(w."end" > r.length),
           bool_or(o.id = w.id AND w.exact IS DISTINCT FROM CASE
               WHEN w.start / 1024 = (w."end" - 1) / 1024 THEN substr(begun.text, w.start % 1024 + 1, w."end" - w.start)
               ELSE (
                   SELECT substr(string_agg(c.text, '' ORDER BY c.number), w.start % 1024 + 1, w."end" - w.start)
                   FROM annotations_chunk c
                   WHERE c.revision_id = v.revision_id AND c.number BETWEEN w.start / 1024 AND (w."end" - 1) / 1024
               )
           END),
           bool_or(o.id <> w.id AND o.start < w."end" AND w.start < o."end"),
           bool_or(v.number <= head.number AND NOT (o.xmin = mine.xmin AND o.cmin = mine.cmin))
        INTO is_outside, is_untrue, is_crossed, is_late
        FROM written w
        JOIN annotations_span mine ON mine.id = w.id
        JOIN annotations_span o ON o.version_id = w.version_id
        LEFT JOIN annotations_version v ON v.id = w.version_id
        LEFT JOIN annotations_revision r ON r.id = v.revision_id
        LEFT JOIN annotations_chunk begun ON begun.revision_id = v.revision_id AND begun.number = w.start / 1024
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
"""

SUGGESTION = """
CREATE OR REPLACE FUNCTION imprimatur_check_new_suggestions() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    is_decided boolean;
    is_mixed boolean;
    is_untrue boolean;
BEGIN
    SELECT bool_or(s.state <> 'open'),
           bool_or(NOT coalesce(o.desk_id = s.desk_id AND r.source_id = s.source_id AND l.kind = s.kind
                                AND c.desk_id = s.desk_id, false)
                   OR s.prompted_by_id IS NOT NULL AND (a.desk_id, a.kind) IS DISTINCT FROM (s.desk_id, s.kind)),
           bool_or(s."end" > r.length OR s.exact IS DISTINCT FROM CASE
               WHEN s.start / 1024 = (s."end" - 1) / 1024 THEN substr(begun.text, s.start % 1024 + 1, s."end" - s.start)
               ELSE (
                   SELECT substr(string_agg(k.text, '' ORDER BY k.number), s.start % 1024 + 1, s."end" - s.start)
                   FROM annotations_chunk k
                   WHERE k.revision_id = s.revision_id AND k.number BETWEEN s.start / 1024 AND (s."end" - 1) / 1024
               )
           END)
        INTO is_decided, is_mixed, is_untrue
        FROM added s
        LEFT JOIN annotations_source o ON o.id = s.source_id
        LEFT JOIN annotations_revision r ON r.id = s.revision_id
        LEFT JOIN annotations_chunk begun ON begun.revision_id = s.revision_id AND begun.number = s.start / 1024
        LEFT JOIN annotations_label l ON l.id = s.label_id
        LEFT JOIN annotations_codebook c ON c.id = l.codebook_id
        LEFT JOIN annotations_annotation a ON a.id = s.prompted_by_id;
    IF is_decided THEN
        PERFORM imprimatur_refuse('suggestion_starts_open', 'A suggestion starts open.');
    END IF;
    IF is_mixed THEN
        PERFORM imprimatur_refuse('suggestion_is_on_its_desk', 'The suggestion mixes rows of different desks, sources or kinds.');
    END IF;
    IF is_untrue THEN
        PERFORM imprimatur_refuse('suggestion_is_exact', 'The words of the suggestion are not those of the text.');
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0009_suggestions_by_chunks")]

    operations = [migrations.RunSQL([CHUNKS, SPAN, SUGGESTION], elidable=False)]
