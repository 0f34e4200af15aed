"""What models cannot state: events in months, rows that are only added, a ledger that balances."""

from django.db import migrations

from shop.analytics.partitions import MERGE, PARTITION, ensure_partitions
from shop.foundation.sql import (
    APPEND_ONLY_FUNCTION,
    DROP_APPEND_ONLY_FUNCTION,
    DROP_LEDGER_BALANCED,
    LEDGER_BALANCED,
    append_only,
)

APPEND_ONLY = [
    append_only("shop_event"),
    append_only("shop_ledgertransaction"),
    append_only("shop_ledgerentry", erasable="user_id"),
    append_only("shop_ordertransition", erasable="actor_id"),
]


def make_months(apps, schema_editor):
    """Make the partitions of this month and the next ones."""
    ensure_partitions()


class Migration(migrations.Migration):
    """The tables are empty when this runs: they came with the migration before."""

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(PARTITION, MERGE),
        migrations.RunPython(make_months, migrations.RunPython.noop),
        migrations.RunSQL(APPEND_ONLY_FUNCTION, DROP_APPEND_ONLY_FUNCTION),
        *(migrations.RunSQL(forward, backward) for forward, backward in APPEND_ONLY),
        migrations.RunSQL(LEDGER_BALANCED, DROP_LEDGER_BALANCED),
    ]
