"""A trial knows until when its fee and deposit are to be paid."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds an empty column, and a constraint that looks at new rows first."""

    dependencies = [("trials", "0017_parcels_to_look_after")]

    operations = [
        migrations.AddField(
            model_name="trial",
            name="pay_by",
            field=models.DateTimeField(blank=True, null=True, verbose_name="to be paid until"),
        ),
        AddConstraintNotValid(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(("pay_by", None), ("state", "requested"), _connector="OR"),
                name="paid_before_it_goes_on",
            ),
        ),
    ]
