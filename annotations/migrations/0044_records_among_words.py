"""The records that a published annotation concerns stand among its words."""

from django.db import migrations

SIGNS = """
-- The record that the annotation stands for and those of the annotations that it links to, each with
-- a sign before it that no word, label or kind has; as annotations_concern has them.
CREATE FUNCTION imprimatur_record_signs(record uuid, version bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(' @' || concerned.record_id, '' ORDER BY concerned.record_id), '')
    FROM (
        SELECT record AS record_id WHERE record IS NOT NULL
        UNION SELECT o.record_id FROM annotations_relation r
            JOIN annotations_publication o ON o.annotation_id = r.to_id
            WHERE r.version_id = version AND o.record_id IS NOT NULL
    ) concerned
$$;

CREATE OR REPLACE FUNCTION imprimatur_write_published_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := imprimatur_words_of_version(NEW.version_id)
        || imprimatur_record_signs(NEW.record_id, NEW.version_id);
    RETURN NEW;
END $$;

-- imprimatur_publish deletes and inserts all concerns of what it touches, after the publications.
CREATE FUNCTION imprimatur_tell_words_of_concerns() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    UPDATE annotations_publication p SET words = ''
        WHERE p.annotation_id IN (SELECT c.annotation_id FROM changed c)
        AND substr(p.words, strpos(p.words || ' @', ' @'))
            <> imprimatur_record_signs(p.record_id, p.version_id);
    RETURN NULL;
END $$;
CREATE TRIGGER words_follow_what_is_concerned AFTER INSERT ON annotations_concern
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_tell_words_of_concerns();
CREATE TRIGGER words_follow_what_is_no_longer_concerned AFTER DELETE ON annotations_concern
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_tell_words_of_concerns();
"""
AWAY = """
DROP TRIGGER words_follow_what_is_no_longer_concerned ON annotations_concern;
DROP TRIGGER words_follow_what_is_concerned ON annotations_concern;
DROP FUNCTION imprimatur_tell_words_of_concerns();
CREATE OR REPLACE FUNCTION imprimatur_write_published_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := imprimatur_words_of_version(NEW.version_id);
    RETURN NEW;
END $$;
DROP FUNCTION imprimatur_record_signs(uuid, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0043_names_hold")]

    operations = [migrations.RunSQL(SIGNS, AWAY, elidable=False)]
