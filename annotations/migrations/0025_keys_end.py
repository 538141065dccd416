"""A key ends with the membership that it acts for, and what ended never works again."""

from django.db import migrations

REVOKED = """
UPDATE annotations_apikey key SET revoked_at = now() WHERE key.revoked_at IS NULL AND NOT EXISTS (
    SELECT FROM annotations_membership m
    WHERE m.desk_id = key.desk_id AND m.user_id = key.user_id
);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

# The lock lets a membership that ends at the same time find the key, or be found ended by it.
RULES = """
CREATE FUNCTION imprimatur_check_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM annotations_membership m
        WHERE m.desk_id = NEW.desk_id AND m.user_id = NEW.user_id FOR KEY SHARE;
    IF NOT FOUND THEN
        PERFORM imprimatur_refuse('key_is_of_a_member', 'Only members of a desk have keys of it.');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER key_is_of_a_member BEFORE INSERT ON annotations_apikey
    FOR EACH ROW EXECUTE FUNCTION imprimatur_check_key();
CREATE TRIGGER key_stays_with_its_member BEFORE UPDATE ON annotations_apikey FOR EACH ROW
    WHEN (OLD.desk_id <> NEW.desk_id OR OLD.user_id <> NEW.user_id OR OLD.sha256 <> NEW.sha256)
    EXECUTE FUNCTION
    imprimatur_immutable('key_stays_with_its_member', 'A key stays with its member and secret.');
CREATE TRIGGER revoked_key_stays_revoked BEFORE UPDATE ON annotations_apikey FOR EACH ROW
    WHEN (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
    EXECUTE FUNCTION
    imprimatur_immutable('revoked_key_stays_revoked', 'A revoked key never works again.');

CREATE FUNCTION imprimatur_end_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE annotations_apikey SET revoked_at = now()
        WHERE desk_id = OLD.desk_id AND user_id = OLD.user_id AND revoked_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER keys_end_with_the_membership AFTER DELETE ON annotations_membership
    FOR EACH ROW EXECUTE FUNCTION imprimatur_end_keys();
CREATE TRIGGER membership_stays_put BEFORE UPDATE ON annotations_membership FOR EACH ROW
    WHEN (OLD.desk_id <> NEW.desk_id OR OLD.user_id <> NEW.user_id) EXECUTE FUNCTION
    imprimatur_immutable('membership_stays_put', 'A membership stays on its desk, with its person.');
"""

NO_LONGER = """
DROP TRIGGER key_is_of_a_member ON annotations_apikey;
DROP TRIGGER key_stays_with_its_member ON annotations_apikey;
DROP TRIGGER revoked_key_stays_revoked ON annotations_apikey;
DROP TRIGGER keys_end_with_the_membership ON annotations_membership;
DROP TRIGGER membership_stays_put ON annotations_membership;
DROP FUNCTION imprimatur_check_key();
DROP FUNCTION imprimatur_end_keys();
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0024_recall")]

    operations = [
        migrations.RunSQL(REVOKED, migrations.RunSQL.noop),
        migrations.RunSQL(RULES, NO_LONGER),
    ]
