"""One truth about addresses: the account says which it has and whether that is confirmed.

allauth's table of addresses follows by trigger, so that its sign-in reads the same. Accounts made
by the operator had no row there and are confirmed; a row that nobody confirmed was made by the
person alone, and does not count any more until it is.
"""

from django.db import migrations, models

PRESENT = """
UPDATE annotations_user person SET email_confirmed =
    NOT EXISTS (SELECT FROM account_emailaddress a WHERE a.user_id = person.id)
    OR EXISTS (
        SELECT FROM account_emailaddress a
        WHERE a.user_id = person.id AND a.verified AND lower(a.email) = lower(person.email)
    )
    WHERE person.email <> '';
UPDATE annotations_user SET email = lower(email) WHERE email <> lower(email);
DELETE FROM account_emailconfirmation;
DELETE FROM account_emailaddress;
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    SELECT id, email, email_confirmed, true FROM annotations_user WHERE email <> '';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

UNCONFIRMED = """
CREATE FUNCTION imprimatur_new_address_is_unconfirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.email_confirmed := false;
    RETURN NEW;
END $$;
CREATE TRIGGER new_address_is_unconfirmed BEFORE UPDATE OF email ON annotations_user
    FOR EACH ROW WHEN (lower(OLD.email) <> lower(NEW.email))
    EXECUTE FUNCTION imprimatur_new_address_is_unconfirmed();
"""

FOLLOWS = """
CREATE FUNCTION imprimatur_follow_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM account_emailaddress a
        WHERE a.user_id = NEW.id AND NOT a."primary" AND a.email = lower(NEW.email);
    UPDATE account_emailaddress SET email = lower(NEW.email), verified = NEW.email_confirmed
        WHERE user_id = NEW.id AND "primary";
    IF NOT FOUND AND NEW.email <> '' THEN
        INSERT INTO account_emailaddress (user_id, email, verified, "primary")
            VALUES (NEW.id, lower(NEW.email), NEW.email_confirmed, true);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER address_is_followed AFTER INSERT ON annotations_user
    FOR EACH ROW EXECUTE FUNCTION imprimatur_follow_address();
CREATE TRIGGER address_is_followed_on AFTER UPDATE ON annotations_user
    FOR EACH ROW WHEN (
        OLD.email IS DISTINCT FROM NEW.email OR OLD.email_confirmed <> NEW.email_confirmed
    ) EXECUTE FUNCTION imprimatur_follow_address();
"""

SAME = """
CREATE FUNCTION imprimatur_check_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM annotations_user person WHERE person.id = NEW.user_id
        AND lower(person.email) = NEW.email AND person.email_confirmed = NEW.verified
    ) OR NOT NEW."primary" THEN
        PERFORM imprimatur_refuse(
            'address_is_that_of_the_account', 'The address of an account is written in the account.'
        );
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER address_is_that_of_the_account BEFORE INSERT OR UPDATE ON account_emailaddress
    FOR EACH ROW WHEN (NEW.verified OR NEW."primary") EXECUTE FUNCTION imprimatur_check_address();

CREATE FUNCTION imprimatur_check_address_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM annotations_user person WHERE person.id = OLD.user_id AND person.email <> ''
    ) AND NOT EXISTS (
        SELECT FROM account_emailaddress a WHERE a.user_id = OLD.user_id AND a."primary"
    ) THEN
        PERFORM imprimatur_refuse(
            'address_of_an_account_is_kept', 'The address of an account is written in the account.'
        );
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER address_of_an_account_is_kept AFTER UPDATE OR DELETE
    ON account_emailaddress DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD."primary") EXECUTE FUNCTION imprimatur_check_address_is_kept();
"""

NO_LONGER = """
DROP TRIGGER new_address_is_unconfirmed ON annotations_user;
DROP TRIGGER address_is_followed ON annotations_user;
DROP TRIGGER address_is_followed_on ON annotations_user;
DROP TRIGGER address_is_that_of_the_account ON account_emailaddress;
DROP TRIGGER address_of_an_account_is_kept ON account_emailaddress;
DROP FUNCTION imprimatur_new_address_is_unconfirmed();
DROP FUNCTION imprimatur_follow_address();
DROP FUNCTION imprimatur_check_address();
DROP FUNCTION imprimatur_check_address_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0021_profile"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.AddField(
            "user",
            "email_confirmed",
            models.BooleanField(
                default=False,
                help_text="Proved by a mail to it, or vouched for by who runs the site.",
            ),
        ),
        migrations.RunSQL(PRESENT, migrations.RunSQL.noop),
        migrations.RunSQL([UNCONFIRMED, FOLLOWS, SAME], NO_LONGER),
    ]
