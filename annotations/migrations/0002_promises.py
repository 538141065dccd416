"""The promises the database keeps itself (docs/architecture.md, "What always holds").

Every refusal names its rule as the constraint name, so that an error can be told to people.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION imprimatur_refuse(rule text, sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = rule;
END $$;

CREATE FUNCTION imprimatur_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM imprimatur_refuse(TG_ARGV[0], TG_ARGV[1]);
    RETURN NULL;
END $$;
"""

IMMUTABLE = """
CREATE TRIGGER revision_is_immutable BEFORE UPDATE OR DELETE ON annotations_revision
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('revision_is_immutable', 'The text of a revision never changes.');
CREATE TRIGGER span_is_immutable BEFORE UPDATE OR DELETE ON annotations_span
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('span_is_immutable', 'The spans of a version never change.');
CREATE TRIGGER relation_is_immutable BEFORE UPDATE OR DELETE ON annotations_relation
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('relation_is_immutable', 'The relations of a version never change.');
CREATE TRIGGER decision_is_immutable BEFORE UPDATE OR DELETE ON annotations_decision
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('decision_is_immutable', 'A decision never changes.');
CREATE TRIGGER events_are_append_only BEFORE UPDATE OR DELETE ON annotations_event
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('events_are_append_only', 'The ledger is append-only.');
CREATE TRIGGER release_is_immutable BEFORE UPDATE OR DELETE ON annotations_release
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('release_is_immutable', 'A release never changes.');
CREATE TRIGGER release_file_is_immutable BEFORE UPDATE OR DELETE ON annotations_releasefile
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('release_file_is_immutable', 'A release never changes.');
CREATE TRIGGER version_is_kept BEFORE DELETE ON annotations_version
    FOR EACH ROW EXECUTE FUNCTION imprimatur_immutable('version_is_kept', 'Versions are kept.');
"""

REVISION = """
CREATE FUNCTION imprimatur_check_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.length <> char_length(NEW.text) THEN
        PERFORM imprimatur_refuse('revision_length_is_true', 'The length of a revision is that of its text.');
    END IF;
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        PERFORM imprimatur_refuse('revision_sha256_is_true', 'The sha256 of a revision is that of its text.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER revision_is_true BEFORE INSERT ON annotations_revision
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_revision();
"""

SPAN = """
-- A version takes spans and relations until it becomes the head; from then on it says what it says.
CREATE FUNCTION imprimatur_check_version_is_open(version bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM annotations_version v
               JOIN annotations_annotation a ON a.id = v.annotation_id
               JOIN annotations_version head ON head.id = a.head_id
               WHERE v.id = version AND v.number <= head.number) THEN
        PERFORM imprimatur_refuse('version_is_immutable', 'What a version says never changes.');
    END IF;
END $$;

CREATE FUNCTION imprimatur_check_span() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    revision record;
BEGIN
    SELECT r.length, substr(r.text, NEW.start + 1, greatest(NEW."end" - NEW.start, 0)) AS words INTO revision
        FROM annotations_version v JOIN annotations_revision r ON r.id = v.revision_id
        WHERE v.id = NEW.version_id;
    IF NEW."end" > revision.length THEN
        PERFORM imprimatur_refuse('span_is_inside_the_text', 'The span lies outside the text.');
    END IF;
    IF NEW.exact IS DISTINCT FROM revision.words THEN
        PERFORM imprimatur_refuse('span_is_exact', 'The words of the span are not those of the text.');
    END IF;
    IF EXISTS (SELECT FROM annotations_span s WHERE s.version_id = NEW.version_id
               AND s.start < NEW."end" AND NEW.start < s."end") THEN
        PERFORM imprimatur_refuse('spans_do_not_overlap', 'The parts of one annotation do not overlap.');
    END IF;
    PERFORM imprimatur_check_version_is_open(NEW.version_id);
    RETURN NEW;
END $$;
CREATE TRIGGER span_is_true BEFORE INSERT ON annotations_span
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_span();

CREATE FUNCTION imprimatur_check_version_has_span() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM annotations_span WHERE version_id = NEW.id) THEN
        PERFORM imprimatur_refuse('version_has_a_span', 'An annotation has at least one span.');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER version_has_a_span AFTER INSERT ON annotations_version
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_version_has_span();
"""

VERSION = """
-- annotations.models.states.TRANSITIONS, as the database reads it.
CREATE FUNCTION imprimatur_may_go(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (before, after) IN (
        ('draft', 'submitted'),
        ('submitted', 'approved'),
        ('submitted', 'returned'),
        ('submitted', 'rejected'),
        ('returned', 'draft'),
        ('approved', 'withdrawn')
    )
$$;

CREATE FUNCTION imprimatur_check_new_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'draft' THEN
        PERFORM imprimatur_refuse('version_starts_as_draft', 'A version starts as a draft.');
    END IF;
    IF NOT EXISTS (
        SELECT FROM annotations_annotation a
        JOIN annotations_revision r ON r.id = NEW.revision_id AND r.source_id = a.source_id
        JOIN annotations_label l ON l.id = NEW.label_id AND l.kind = a.kind
        JOIN annotations_codebook c ON c.id = l.codebook_id AND c.desk_id = a.desk_id
        WHERE a.id = NEW.annotation_id
    ) THEN
        PERFORM imprimatur_refuse('version_fits_its_annotation', 'The revision and label are of another source, kind or desk.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER new_version_is_true BEFORE INSERT ON annotations_version
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_new_version();

CREATE FUNCTION imprimatur_check_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    verdict_needed text := CASE NEW.state WHEN 'approved' THEN 'approve' WHEN 'returned' THEN 'return'
                                          WHEN 'rejected' THEN 'reject' END;
BEGIN
    IF (NEW.id, NEW.annotation_id, NEW.number, NEW.revision_id, NEW.label_id, NEW.fields, NEW.author_id, NEW.created_at)
       IS DISTINCT FROM
       (OLD.id, OLD.annotation_id, OLD.number, OLD.revision_id, OLD.label_id, OLD.fields, OLD.author_id, OLD.created_at) THEN
        PERFORM imprimatur_refuse('version_is_immutable', 'What a version says never changes.');
    END IF;
    IF NEW.state <> OLD.state THEN
        IF NOT imprimatur_may_go(OLD.state, NEW.state) THEN
            PERFORM imprimatur_refuse('transition_is_allowed', format('A version cannot go from %s to %s.', OLD.state, NEW.state));
        END IF;
        IF verdict_needed IS NOT NULL AND NOT EXISTS (
            SELECT FROM annotations_decision d WHERE d.version_id = NEW.id AND d.verdict = verdict_needed
        ) THEN
            PERFORM imprimatur_refuse('state_follows_a_decision', 'Only a decision changes this state.');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_is_true BEFORE UPDATE ON annotations_version
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_version();

CREATE FUNCTION imprimatur_check_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.verdict = 'approve' AND EXISTS (
        SELECT FROM annotations_version v
        JOIN annotations_annotation a ON a.id = v.annotation_id
        JOIN annotations_desk d ON d.id = a.desk_id
        WHERE v.id = NEW.version_id AND v.author_id = NEW.by_id AND NOT d.authors_may_approve
    ) THEN
        PERFORM imprimatur_refuse('approver_is_not_the_author', 'Nobody approves a version of their own.');
    END IF;
    IF NOT EXISTS (SELECT FROM annotations_version WHERE id = NEW.version_id AND state = 'submitted') THEN
        PERFORM imprimatur_refuse('only_submitted_is_decided', 'Only a version in review can be decided.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_is_true BEFORE INSERT ON annotations_decision
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_decision();

CREATE FUNCTION imprimatur_check_annotation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM annotations_source s WHERE s.id = NEW.source_id AND s.desk_id = NEW.desk_id) THEN
        PERFORM imprimatur_refuse('annotation_is_on_its_desk', 'The source is of another desk.');
    END IF;
    IF NEW.published_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM annotations_version v WHERE v.id = NEW.published_id AND v.annotation_id = NEW.id AND v.state = 'approved'
    ) THEN
        PERFORM imprimatur_refuse('published_is_approved', 'Only an approved version is published.');
    END IF;
    IF NEW.head_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM annotations_version v WHERE v.id = NEW.head_id AND v.annotation_id = NEW.id
    ) THEN
        PERFORM imprimatur_refuse('head_is_its_version', 'The head is a version of the annotation.');
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.desk_id, NEW.source_id, NEW.kind, NEW.created_by_id)
       IS DISTINCT FROM (OLD.desk_id, OLD.source_id, OLD.kind, OLD.created_by_id) THEN
        PERFORM imprimatur_refuse('annotation_stays_put', 'An annotation keeps its source, kind and creator.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER annotation_is_true BEFORE INSERT OR UPDATE ON annotations_annotation
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_annotation();

CREATE FUNCTION imprimatur_check_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Checked at the commit, so by the state the version has then: NEW is as old as its statement.
    IF EXISTS (SELECT FROM annotations_annotation a JOIN annotations_version v ON v.id = a.published_id
               WHERE v.id = NEW.id AND v.state <> 'approved') THEN
        PERFORM imprimatur_refuse('published_is_approved', 'Only an approved version is published.');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER withdrawn_is_unpublished AFTER UPDATE ON annotations_version
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_withdrawn();

CREATE FUNCTION imprimatur_check_relation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM annotations_version v
        JOIN annotations_annotation a ON a.id = v.annotation_id
        JOIN annotations_annotation b ON b.id = NEW.to_id AND b.desk_id = a.desk_id AND b.id <> a.id
        WHERE v.id = NEW.version_id
    ) THEN
        PERFORM imprimatur_refuse('relation_stays_on_the_desk', 'A relation links two annotations of one desk.');
    END IF;
    PERFORM imprimatur_check_version_is_open(NEW.version_id);
    RETURN NEW;
END $$;
CREATE TRIGGER relation_is_true BEFORE INSERT ON annotations_relation
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_relation();
"""

LEDGER = """
CREATE FUNCTION imprimatur_number_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO annotations_ledger AS l (desk_id, seq) VALUES (NEW.desk_id, 1)
        ON CONFLICT (desk_id) DO UPDATE SET seq = l.seq + 1 RETURNING seq INTO NEW.seq;
    PERFORM pg_notify('imprimatur_events', NEW.desk_id::text);
    RETURN NEW;
END $$;
CREATE TRIGGER event_is_numbered BEFORE INSERT ON annotations_event
    FOR EACH ROW EXECUTE FUNCTION imprimatur_number_event();

-- Only the trigger above, which is one trigger deep, may count.
CREATE FUNCTION imprimatur_check_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (pg_trigger_depth() < 2 AND NEW.seq <> 0) OR (TG_OP = 'UPDATE' AND NEW.seq <> OLD.seq + 1) THEN
        PERFORM imprimatur_refuse('ledger_only_counts_events', 'The ledger counts its events and nothing else.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_counts_events BEFORE INSERT OR UPDATE OR DELETE ON annotations_ledger
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_ledger();
"""

RELEASE = """
CREATE FUNCTION imprimatur_check_release() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest record;
BEGIN
    SELECT r.number, r.manifest_sha256 INTO newest FROM annotations_release r
        WHERE r.desk_id = NEW.desk_id ORDER BY r.number DESC LIMIT 1;
    IF NEW.number <> coalesce(newest.number, 0) + 1 OR NEW.previous_sha256 <> coalesce(newest.manifest_sha256, '') THEN
        PERFORM imprimatur_refuse('release_is_chained', 'A release follows the newest one and names its hash.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_is_true BEFORE INSERT ON annotations_release
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_release();

CREATE FUNCTION imprimatur_check_release_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM annotations_releasefile f WHERE f.release_id = NEW.release_id AND f.name = 'manifest.json') THEN
        PERFORM imprimatur_refuse('release_is_immutable', 'A release never changes.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_file_is_true BEFORE INSERT ON annotations_releasefile
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_release_file();
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [REFUSE, IMMUTABLE, REVISION, SPAN, VERSION, LEDGER, RELEASE], elidable=False
        ),
    ]
