"""The history of charges: rows that are only added."""

from django.db import migrations

from shop.foundation.sql import append_only


class Migration(migrations.Migration):
    """Makes a trigger, which touches no row."""

    dependencies = [("trials", "0002_laws")]

    operations = [
        migrations.RunSQL(*append_only("trials_chargetransition", erasable="actor_id")),
    ]
