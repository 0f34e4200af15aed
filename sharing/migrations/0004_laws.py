"""Histories of galleries and referrals: rows that are only added."""

from django.db import migrations

from shop.foundation.sql import append_only

APPEND_ONLY = [
    append_only("sharing_gallerytransition", erasable="actor_id"),
    append_only("sharing_referraltransition", erasable="actor_id"),
]


class Migration(migrations.Migration):
    """Makes triggers, which touches no row; uses the function that the shop's laws brought."""

    dependencies = [("sharing", "0003_voter_key"), ("shop", "0002_laws")]

    operations = [
        *(migrations.RunSQL(forward, backward) for forward, backward in APPEND_ONLY),
    ]
