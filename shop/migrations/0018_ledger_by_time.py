"""Reading the ledger of a period."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds the index while money is booked."""

    atomic = False
    dependencies = [("shop", "0017_accounts_of_costs")]

    operations = [
        AddIndexConcurrently(
            "ledgertransaction", models.Index(fields=["at"], name="ledger_by_time")
        ),
    ]
