"""Histories of claims and proposals: rows that are only added."""

from django.db import migrations

from shop.foundation.sql import append_only

APPEND_ONLY = [
    append_only("trials_claimtransition", erasable="actor_id"),
    append_only("trials_proposaltransition", erasable="actor_id"),
]


class Migration(migrations.Migration):
    """Uses the function that the shop's laws brought."""

    dependencies = [("trials", "0022_returns_in_depth"), ("shop", "0002_laws")]

    operations = [
        *(migrations.RunSQL(forward, backward) for forward, backward in APPEND_ONLY),
    ]
