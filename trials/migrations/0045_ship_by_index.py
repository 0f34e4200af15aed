"""What is to leave is read by its urgency."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    """An index made beside the work: trials are many."""

    atomic = False
    dependencies = [("trials", "0044_ship_by")]

    operations = [
        AddIndexConcurrently(
            model_name="trial",
            index=models.Index(
                Coalesce("ship_by", "requested_at"),
                "requested_at",
                "id",
                name="trial_to_ship",
                condition=models.Q(("state__in", ["approved", "packed"])),
            ),
        ),
    ]
