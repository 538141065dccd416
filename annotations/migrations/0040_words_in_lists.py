"""Searches find words in one index beside the desk: of what is published, and of newest versions."""

import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models

WORDS = """
-- All words of a version as text/words.py has them: a line for each span, one for the fields and one
-- for the label, with a space before and after each word. A tsvector has room for a megabyte.
CREATE FUNCTION imprimatur_words_of_version(wanted bigint) RETURNS text LANGUAGE sql STABLE STRICT AS $$
    SELECT left(coalesce(string_agg(' ' || CASE WHEN char_length(line.words) > 255
        THEN regexp_replace(line.words, '([^ ]{255})[^ ]+', '\\1', 'g') ELSE line.words END || ' ',
        E'\\n'), ''), 250000)
    FROM (
        SELECT imprimatur_spaced(imprimatur_field_text(v.fields)) AS words
            FROM annotations_version v WHERE v.id = wanted
        UNION ALL SELECT '=' || v.label_id FROM annotations_version v WHERE v.id = wanted
        UNION ALL SELECT imprimatur_spaced(left(s.exact, 10000))
            FROM annotations_span s WHERE s.version_id = wanted
    ) line
$$;

-- The cost keeps the planner from doing it for row after row where the index has it.
CREATE FUNCTION imprimatur_vector(words text) RETURNS tsvector LANGUAGE plpgsql
IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
BEGIN
    RETURN words::pg_catalog.tsvector;
END $$;

CREATE FUNCTION imprimatur_write_published_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := imprimatur_words_of_version(NEW.version_id);
    RETURN NEW;
END $$;
CREATE TRIGGER publication_has_the_words_of_its_version BEFORE INSERT OR UPDATE ON annotations_publication
    FOR EACH ROW EXECUTE FUNCTION imprimatur_write_published_words();

CREATE FUNCTION imprimatur_write_newest_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT a.desk_id, imprimatur_words_of_version(a.head_id) INTO NEW.desk_id, NEW.words
        FROM annotations_annotation a WHERE a.id = NEW.annotation_id;
    RETURN NEW;
END $$;
CREATE TRIGGER newest_words_are_those_of_the_head BEFORE INSERT OR UPDATE ON annotations_newestwords
    FOR EACH ROW EXECUTE FUNCTION imprimatur_write_newest_words();

-- A first version is its annotation's head before its spans are there, a later one after that.
CREATE FUNCTION imprimatur_tell_newest_words() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    INSERT INTO annotations_newestwords (annotation_id, desk_id, words)
        SELECT a.id, a.desk_id, '' FROM (SELECT DISTINCT version_id FROM written) w
        JOIN annotations_annotation a ON a.head_id = w.version_id
        ORDER BY a.id
        ON CONFLICT (annotation_id) DO UPDATE SET words = excluded.words;
    RETURN NULL;
END $$;
CREATE TRIGGER newest_words_follow_the_spans AFTER INSERT ON annotations_span
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_tell_newest_words();

CREATE FUNCTION imprimatur_tell_words_of_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO annotations_newestwords (annotation_id, desk_id, words) VALUES (NEW.id, NEW.desk_id, '')
        ON CONFLICT (annotation_id) DO UPDATE SET words = excluded.words;
    RETURN NULL;
END $$;
CREATE TRIGGER newest_words_follow_the_head AFTER UPDATE OF head_id ON annotations_annotation
    FOR EACH ROW WHEN (OLD.head_id IS DISTINCT FROM NEW.head_id AND NEW.head_id IS NOT NULL)
    EXECUTE FUNCTION imprimatur_tell_words_of_head();
"""
AWAY = """
DROP TRIGGER newest_words_follow_the_head ON annotations_annotation;
DROP TRIGGER newest_words_follow_the_spans ON annotations_span;
DROP TRIGGER newest_words_are_those_of_the_head ON annotations_newestwords;
DROP TRIGGER publication_has_the_words_of_its_version ON annotations_publication;
DROP FUNCTION imprimatur_tell_words_of_head, imprimatur_tell_newest_words, imprimatur_write_newest_words,
    imprimatur_write_published_words, imprimatur_vector, imprimatur_words_of_version;
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0039_password_links")]

    operations = [
        BtreeGinExtension(),
        migrations.AddField(
            "publication",
            "words",
            models.TextField(
                db_default="",
                default="",
                editable=False,
                help_text="As text/words.py cuts them.",
            ),
        ),
        migrations.CreateModel(
            name="NewestWords",
            fields=[
                (
                    "annotation",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="newest_words",
                        serialize=False,
                        to="annotations.annotation",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.desk",
                    ),
                ),
                ("words", models.TextField(editable=False)),
            ],
        ),
        migrations.RunSQL(WORDS, AWAY, elidable=False),
    ]
