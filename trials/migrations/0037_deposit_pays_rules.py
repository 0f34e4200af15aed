"""The rules of what a deposit pays, for all rows."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Reads the tables beside running code."""

    atomic = False
    dependencies = [("trials", "0036_deposit_pays")]

    operations = [
        ValidateConstraint(model_name="trial", name="kept_deposit_not_below_zero"),
        ValidateConstraint(model_name="trialcharge", name="deposit_pays_what_is_written_off"),
    ]
