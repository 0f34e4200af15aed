"""Indexes of the queue of what is overdue: by age and by what is away."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OUT = models.Q(("state__in", ["delivered", "returning", "received"]))


class Migration(migrations.Migration):
    """Builds them while trials are written."""

    atomic = False
    dependencies = [("trials", "0025_fill_value_away")]

    operations = [
        AddIndexConcurrently(
            "trial",
            models.Index(fields=["due_at", "id"], name="trial_overdue", condition=OUT),
        ),
        AddIndexConcurrently(
            "trial",
            models.Index(
                fields=["-away_value", "id"],
                include=["due_at", "state"],
                name="trial_overdue_by_value",
                condition=OUT,
            ),
        ),
    ]
