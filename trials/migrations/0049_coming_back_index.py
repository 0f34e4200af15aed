"""Parcels that come back are found without reading all there ever were."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index made beside the work."""

    atomic = False
    dependencies = [("trials", "0048_never_came_index")]

    operations = [
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index(
                condition=models.Q(
                    ("checked_in_at", None),
                    ("leg", "return"),
                    ("state__in", ["in_transit", "delivered"]),
                ),
                fields=["trial"],
                name="shipment_coming_back",
            ),
        ),
    ]
