"""Parcels nobody hears of are found by when their last word came."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Greatest


class Migration(migrations.Migration):
    """An index made beside the work."""

    atomic = False
    dependencies = [("trials", "0049_coming_back_index")]

    operations = [
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index(
                Greatest("created_at", "heard_at"),
                condition=models.Q(
                    ("state", "in_transit"),
                    models.Q(("leg", "outbound"), ("state", "labelled")),
                    _connector="OR",
                ),
                name="shipment_last_word",
            ),
        ),
    ]
