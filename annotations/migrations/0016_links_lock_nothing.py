"""Links and comments no longer lock the annotation that they lead to.

Their foreign keys locked its row at the commit, when the ledger was held already; whoever was
editing that row and waited for the ledger made a deadlock. That the annotation is there, and stays,
is seen to by `relation_stays_on_the_desk`, `comment_is_on_its_desk`, `annotation_is_kept` and
`annotation_stays_put`.
"""

import django.db.models.deletion
from django.db import migrations, models


def annotation(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="annotations.annotation",
    )


class Migration(migrations.Migration):
    dependencies = [("annotations", "0015_where_a_release_stands")]

    operations = [
        migrations.AlterField("relation", "to", annotation("referred_by")),
        migrations.AlterField("comment", "annotation", annotation("comments")),
    ]
