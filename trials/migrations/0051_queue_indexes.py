"""Boxes at the door are found by when they came, and queues know what is away of a trial."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes made beside the work; the old one goes when the new one is there."""

    atomic = False
    dependencies = [("trials", "0050_last_word_index")]

    operations = [
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index(
                condition=models.Q(
                    ("checked_in_at", None), ("leg", "return"), ("state", "delivered")
                ),
                fields=["delivered_at"],
                include=("trial",),
                name="shipment_at_the_door",
            ),
        ),
        AddIndexConcurrently(
            model_name="trial",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["state"],
                include=("requested_at", "shipped_at", "due_at", "pay_by", "away_value"),
                name="trial_queues",
            ),
        ),
        RemoveIndexConcurrently(model_name="trial", name="trial_open"),
    ]
