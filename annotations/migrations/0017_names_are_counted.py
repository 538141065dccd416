"""How often people were given other names: what shows names is known by it to have changed."""

from django.db import migrations, models

# The row is locked until the commit, so that who reads the number has all names up to it.
COUNTED = """
CREATE FUNCTION imprimatur_count_new_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO annotations_newnames AS counted (id, count) VALUES (1, 1)
        ON CONFLICT (id) DO UPDATE SET count = counted.count + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER new_name_is_counted AFTER UPDATE OF name ON annotations_user
    FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name)
    EXECUTE FUNCTION imprimatur_count_new_name();
"""
NO_LONGER = """
DROP TRIGGER new_name_is_counted ON annotations_user;
DROP FUNCTION imprimatur_count_new_name();
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0016_links_lock_nothing")]

    operations = [
        migrations.CreateModel(
            name="NewNames",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("count", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="new_names_are_counted_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(COUNTED, NO_LONGER),
    ]
