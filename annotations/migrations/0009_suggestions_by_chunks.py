"""The check of new suggestions, comparing each with a few kilobytes and not with the whole text."""

from django.db import migrations

CHECK = """
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
           bool_or(s."end" > r.length OR s.exact IS DISTINCT FROM (
               SELECT substr(string_agg(k.text, '' ORDER BY k.number), s.start % 4096 + 1, s."end" - s.start)
               FROM annotations_chunk k
               WHERE k.revision_id = s.revision_id AND k.number BETWEEN s.start / 4096 AND (s."end" - 1) / 4096
           ))
        INTO is_decided, is_mixed, is_untrue
        FROM added s
        LEFT JOIN annotations_source o ON o.id = s.source_id
        LEFT JOIN annotations_revision r ON r.id = s.revision_id
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
    dependencies = [("annotations", "0008_presence")]

    operations = [migrations.RunSQL(CHECK, elidable=False)]
