"""The parcels that somebody must see to, found without reading those that arrived."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index made beside the work: parcels are many."""

    atomic = False

    dependencies = [("trials", "0016_labels_bought")]

    operations = [
        AddIndexConcurrently(
            "shipment",
            models.Index(
                fields=["state", "created_at"],
                name="shipment_to_look_after",
                condition=models.Q(state__in=["in_transit", "failed", "sent_back"]),
            ),
        ),
    ]
