from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("annotations", "0037_unlisted_suggestions")]

    operations = [
        AddIndexConcurrently(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("is_listed", True), ("state", "open")),
                fields=["source", "start", "id"],
                name="listed_suggestions_by_place",
            ),
        ),
        RemoveIndexConcurrently(model_name="suggestion", name="open_suggestions_by_place"),
    ]
