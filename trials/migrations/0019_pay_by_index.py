"""The index of unpaid trials, and the constraint on all rows, while the shop goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Locks no table for long."""

    atomic = False
    dependencies = [("trials", "0018_pay_by")]

    operations = [
        ValidateConstraint(model_name="trial", name="paid_before_it_goes_on"),
        AddIndexConcurrently(
            model_name="trial",
            index=models.Index(
                condition=models.Q(("pay_by", None), _negated=True),
                fields=["pay_by"],
                name="trial_to_pay",
            ),
        ),
    ]
