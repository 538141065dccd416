"""Accounts are closed and kept; streams hear at once of what may end them."""

from django.db import migrations, models

HANDED_OVER = """
CREATE FUNCTION imprimatur_check_account_is_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM annotations_membership m JOIN annotations_desk d ON d.id = m.desk_id
        WHERE m.user_id = NEW.id AND m.role = 'manager' AND d.closed_at IS NULL
        AND NOT EXISTS (
            SELECT FROM annotations_membership o JOIN annotations_user u ON u.id = o.user_id
            WHERE o.desk_id = m.desk_id AND o.role = 'manager' AND u.is_active
        )
    ) THEN
        PERFORM imprimatur_refuse('closed_account_is_handed_over', 'A desk needs a manager.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closed_account_is_handed_over AFTER UPDATE OF is_active ON annotations_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION imprimatur_check_account_is_handed_over();
"""

# The hubs of all web processes listen; which streams end is theirs to find out.
TOLD = """
CREATE FUNCTION imprimatur_tell_of_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('imprimatur_people', '');
    RETURN NULL;
END $$;
CREATE TRIGGER streams_hear_of_people AFTER UPDATE OF is_active, password ON annotations_user
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_tell_of_people();
CREATE TRIGGER streams_hear_of_members AFTER UPDATE OR DELETE ON annotations_membership
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_tell_of_people();
CREATE TRIGGER streams_hear_of_sessions AFTER DELETE ON django_session
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_tell_of_people();
CREATE TRIGGER streams_hear_of_rules AFTER INSERT OR UPDATE ON annotations_sitesettings
    FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_tell_of_people();
"""

NO_LONGER = """
DROP TRIGGER streams_hear_of_rules ON annotations_sitesettings;
DROP TRIGGER streams_hear_of_sessions ON django_session;
DROP TRIGGER streams_hear_of_members ON annotations_membership;
DROP TRIGGER streams_hear_of_people ON annotations_user;
DROP FUNCTION imprimatur_tell_of_people();
DROP TRIGGER closed_account_is_handed_over ON annotations_user;
DROP FUNCTION imprimatur_check_account_is_handed_over();
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0033_work_lists_filled"), ("sessions", "0001_initial")]

    operations = [
        migrations.AddField("user", "closed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "user",
            "sign_outs",
            models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="How often all sessions were ended; they are tied to it.",
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("closed_at", None), ("is_active", False), _connector="OR"),
                name="a_closed_account_signs_in_no_more",
            ),
        ),
        migrations.RunSQL([HANDED_OVER, TOLD], NO_LONGER),
    ]
