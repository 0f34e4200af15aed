"""Which cards refused what is to be held is counted without reading all holds."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of few rows, made beside the work."""

    atomic = False
    dependencies = [("shop", "0033_account_of_claims")]

    operations = [
        AddIndexConcurrently(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("state__in", ["refused", "lapsed"])),
                fields=["purpose", "reference", "created_at"],
                name="hold_failed",
            ),
        ),
    ]
