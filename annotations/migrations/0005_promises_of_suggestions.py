"""What the database itself promises about suggestions (docs/architecture.md)."""

from django.db import migrations

NEW = """
-- Once a statement, not once a row: a run proposes up to a thousand on one text.
CREATE FUNCTION imprimatur_check_new_suggestions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here record;
    one record;
    rest text;
    passed integer;
BEGIN
    IF EXISTS (SELECT FROM added WHERE state <> 'open') THEN
        PERFORM imprimatur_refuse('suggestion_starts_open', 'A suggestion starts open.');
    END IF;
    IF EXISTS (
        SELECT FROM added s WHERE NOT EXISTS (
            SELECT FROM annotations_source o
            JOIN annotations_revision r ON r.source_id = o.id AND r.id = s.revision_id
            JOIN annotations_label l ON l.id = s.label_id AND l.kind = s.kind
            JOIN annotations_codebook c ON c.id = l.codebook_id AND c.desk_id = o.desk_id
            WHERE o.id = s.source_id AND o.desk_id = s.desk_id
        ) OR EXISTS (
            SELECT FROM annotations_annotation a
            WHERE a.id = s.prompted_by_id AND (a.desk_id <> s.desk_id OR a.kind <> s.kind)
        )
    ) THEN
        PERFORM imprimatur_refuse('suggestion_is_on_its_desk', 'The suggestion mixes rows of different desks, sources or kinds.');
    END IF;
    -- In reading order along the text, which is unpacked once and counted through once.
    FOR here IN SELECT r.id, r.length, r.text || '' AS text FROM annotations_revision r
                WHERE r.id IN (SELECT revision_id FROM added) LOOP
        rest := here.text;
        passed := 0;
        FOR one IN SELECT s.start, s."end", s.exact FROM added s
                   WHERE s.revision_id = here.id ORDER BY s.start LOOP
            rest := substr(rest, one.start - passed + 1);
            passed := one.start;
            IF one."end" > here.length OR left(rest, one."end" - one.start) <> one.exact THEN
                PERFORM imprimatur_refuse('suggestion_is_exact', 'The words of the suggestion are not those of the text.');
            END IF;
        END LOOP;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER new_suggestions_are_true AFTER INSERT ON annotations_suggestion
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_check_new_suggestions();
"""

CHANGED = """
CREATE FUNCTION imprimatur_check_suggestion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.desk_id, NEW.source_id, NEW.revision_id, NEW.kind, NEW.label_id, NEW.fields, NEW.start, NEW."end",
        NEW.exact, NEW.prefix, NEW.suffix, NEW.origin, NEW.prompted_by_id, NEW.proposed_by_id, NEW.created_at)
       IS DISTINCT FROM
       (OLD.id, OLD.desk_id, OLD.source_id, OLD.revision_id, OLD.kind, OLD.label_id, OLD.fields, OLD.start, OLD."end",
        OLD.exact, OLD.prefix, OLD.suffix, OLD.origin, OLD.prompted_by_id, OLD.proposed_by_id, OLD.created_at) THEN
        PERFORM imprimatur_refuse('suggestion_is_immutable', 'What a suggestion says never changes.');
    END IF;
    IF NEW.state <> OLD.state AND NEW.state <> 'open' AND OLD.state <> 'open' THEN
        PERFORM imprimatur_refuse('only_open_suggestions_are_decided', 'Only an open suggestion is accepted or dismissed.');
    END IF;
    IF NEW.annotation_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM annotations_annotation a
        WHERE a.id = NEW.annotation_id AND a.source_id = NEW.source_id AND a.kind = NEW.kind
    ) THEN
        PERFORM imprimatur_refuse('suggestion_becomes_what_it_proposed', 'The annotation is of another source or kind.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER suggestion_is_true BEFORE UPDATE ON annotations_suggestion
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_suggestion();

CREATE FUNCTION imprimatur_check_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.origin <> OLD.origin THEN
        PERFORM imprimatur_refuse('origin_is_kept', 'Where an annotation came from never changes.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER origin_is_kept BEFORE UPDATE OF origin ON annotations_annotation
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_origin();
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0004_suggestions")]

    operations = [migrations.RunSQL([NEW, CHANGED], elidable=False)]
