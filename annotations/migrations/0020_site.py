"""Administrators of the site, desks that are closed, and the link of the set-up page."""

from django.db import migrations, models

ADMINISTRATORS = """
-- The lock has the second of two who go at once see that the first is gone.
CREATE FUNCTION imprimatur_check_administrators() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7401001);
    IF NOT EXISTS (SELECT FROM annotations_user u WHERE u.is_staff AND u.is_active) THEN
        PERFORM imprimatur_refuse('site_keeps_an_administrator', 'The site needs an administrator.');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER site_keeps_an_administrator AFTER UPDATE OF is_staff, is_active ON annotations_user
    FOR EACH ROW WHEN (OLD.is_staff AND OLD.is_active AND NOT (NEW.is_staff AND NEW.is_active))
    EXECUTE FUNCTION imprimatur_check_administrators();
"""
NO_ADMINISTRATORS = """
DROP TRIGGER site_keeps_an_administrator ON annotations_user;
DROP FUNCTION imprimatur_check_administrators();
"""

# Whatever is written on a desk is counted in its ledger, so that this one row closes the desk.
CLOSED = """
CREATE FUNCTION imprimatur_close_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE annotations_ledger SET is_closed = NEW.closed_at IS NOT NULL WHERE desk_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER desk_closes_its_ledger AFTER UPDATE OF closed_at ON annotations_desk
    FOR EACH ROW WHEN ((OLD.closed_at IS NULL) <> (NEW.closed_at IS NULL))
    EXECUTE FUNCTION imprimatur_close_ledger();
CREATE TRIGGER closed_desk_stays_as_it_is BEFORE UPDATE ON annotations_ledger
    FOR EACH ROW WHEN (OLD.is_closed AND NEW.seq <> OLD.seq)
    EXECUTE FUNCTION imprimatur_immutable('closed_desk_stays_as_it_is', 'This desk is closed.');
"""
OPEN = """
DROP TRIGGER closed_desk_stays_as_it_is ON annotations_ledger;
DROP TRIGGER desk_closes_its_ledger ON annotations_desk;
DROP FUNCTION imprimatur_close_ledger();
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0019_invitations")]

    operations = [
        migrations.CreateModel(
            name="SetUp",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="there_is_one_set_up_link"
                    )
                ]
            },
        ),
        migrations.AddField(
            "desk",
            "closed_at",
            models.DateTimeField(
                blank=True, help_text="From then on nothing on the desk changes.", null=True
            ),
        ),
        migrations.AddField(
            "ledger", "is_closed", models.BooleanField(db_default=False, default=False)
        ),
        migrations.RunSQL(ADMINISTRATORS, NO_ADMINISTRATORS),
        migrations.RunSQL(CLOSED, OPEN),
    ]
