"""Histories of trials and units: rows that are only added."""

from django.db import migrations

from shop.foundation.sql import append_only

APPEND_ONLY = [
    append_only("trials_trialtransition", erasable="actor_id"),
    append_only("trials_unitmovement", erasable="actor_id"),
]


class Migration(migrations.Migration):
    """Uses the function that the shop's laws brought."""

    dependencies = [("trials", "0001_initial"), ("shop", "0002_laws")]

    operations = [
        *(migrations.RunSQL(forward, backward) for forward, backward in APPEND_ONLY),
    ]
