"""The database takes no name that is none; of register and codebooks what was there stays."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations
from django.db.models import CheckConstraint

from annotations.models.names import AreNames, IsName, IsNameOfPerson, IsTrimmed

BOTH = IsName("name") & IsName("title")


class Migration(migrations.Migration):
    dependencies = [("annotations", "0042_names")]

    operations = [
        migrations.AddConstraint(
            "user", CheckConstraint(condition=IsNameOfPerson("name"), name="person_has_a_name")
        ),
        migrations.AddConstraint(
            "desk", CheckConstraint(condition=IsName("name"), name="desk_has_a_name")
        ),
        migrations.AddConstraint(
            "apikey", CheckConstraint(condition=IsName("name"), name="key_has_a_name")
        ),
        migrations.AddConstraint(
            "source", CheckConstraint(condition=IsTrimmed("title"), name="title_is_trimmed")
        ),
        AddConstraintNotValid(
            "entity", CheckConstraint(condition=IsName("name"), name="record_has_a_name")
        ),
        AddConstraintNotValid(
            "entity", CheckConstraint(condition=AreNames("aliases"), name="aliases_are_names")
        ),
        AddConstraintNotValid(
            "label", CheckConstraint(condition=BOTH, name="label_has_a_name_and_a_title")
        ),
        AddConstraintNotValid(
            "fielddefinition", CheckConstraint(condition=BOTH, name="field_has_a_name_and_a_title")
        ),
    ]
