"""The people named by annotations, versions and events, looked up once a statement.

Their foreign keys looked each row's person up at the commit, thrice for every annotation, although
all rows of a statement name the same one.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# As a foreign key would, the lock keeps the person until the transaction is over.
NAMED = """
CREATE FUNCTION imprimatur_check_people_of_{table}() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    person uuid;
BEGIN
    FOR person IN SELECT DISTINCT w.{column} FROM written w WHERE w.{column} IS NOT NULL ORDER BY 1 LOOP
        PERFORM FROM annotations_user u WHERE u.id = person FOR KEY SHARE;
        IF NOT FOUND THEN
            PERFORM imprimatur_refuse('person_is_there', 'There is no such person.');
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER people_are_there AFTER INSERT ON annotations_{table} REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_check_people_of_{table}();
"""

# After the row is locked, so that whoever names the person at the same time is seen or waits.
KEPT = """
CREATE FUNCTION imprimatur_check_person_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM annotations_annotation a WHERE a.created_by_id = OLD.id)
       OR EXISTS (SELECT FROM annotations_version v WHERE v.author_id = OLD.id)
       OR EXISTS (SELECT FROM annotations_event e WHERE e.actor_id = OLD.id) THEN
        PERFORM imprimatur_refuse('person_is_kept', 'What this person did is kept with their name.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER person_is_kept AFTER DELETE ON annotations_user
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_person_is_free();
CREATE TRIGGER person_keeps_their_id AFTER UPDATE ON annotations_user
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION imprimatur_check_person_is_free();
"""


def person(related_name: str, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [("annotations", "0010_smaller_chunks")]

    operations = [
        migrations.AlterField("annotation", "created_by", person("+")),
        migrations.AlterField("version", "author", person("versions")),
        migrations.AlterField("event", "actor", person("+", null=True)),
        migrations.RunSQL(
            [
                NAMED.format(table="annotation", column="created_by_id"),
                NAMED.format(table="version", column="author_id"),
                NAMED.format(table="event", column="actor_id"),
                KEPT,
            ],
            elidable=False,
        ),
    ]
