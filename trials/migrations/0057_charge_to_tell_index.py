"""What is paid and not told of is found without reading all charges."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of few rows, made beside the work."""

    atomic = False
    dependencies = [("trials", "0056_charge_to_tell")]

    operations = [
        AddIndexConcurrently(
            model_name="trialcharge",
            index=models.Index(
                condition=models.Q(("tell_at__isnull", False)),
                fields=["tell_at"],
                name="charge_to_tell",
            ),
        ),
    ]
