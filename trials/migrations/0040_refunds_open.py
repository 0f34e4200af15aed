"""The labels whose refund a carrier has not decided, found without reading all others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index made beside the work: parcels are many."""

    atomic = False

    dependencies = [("trials", "0039_saved_filters")]

    operations = [
        AddIndexConcurrently(
            "shipment",
            models.Index(
                fields=["asked_at"],
                name="shipment_refund_open",
                condition=models.Q(refund_state="asked"),
            ),
        ),
    ]
