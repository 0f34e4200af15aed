"""Histories of lines, counts, batches and manifests: rows that are only added."""

from django.db import migrations

from shop.foundation.sql import append_only

APPEND_ONLY = [
    append_only(f"trials_{each}transition", erasable="actor_id")
    for each in ("waitlist", "count", "pickbatch", "manifest")
]


class Migration(migrations.Migration):
    """Makes triggers, which touch no row."""

    dependencies = [("trials", "0032_risk_defaults")]

    operations = [
        *(migrations.RunSQL(forward, backward) for forward, backward in APPEND_ONLY),
    ]
