"""Each payment in a claim's history says how much."""

import djmoney.models.fields
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

import shop.foundation.money

class Migration(migrations.Migration):
    """Few rows: what carriers lost. The release that still runs writes moves without an amount.

    Each step is in a transaction of its own.
    """

    atomic = False
    dependencies = [("trials", "0065_reminded_while_at_home")]

    operations = [
        migrations.AddField(
            model_name="claimtransition",
            name="paid",
            field=shop.foundation.money.MoneyField(
                decimal_places=3, default=None, max_digits=14, null=True
            ),
        ),
        migrations.AddField(
            model_name="claimtransition",
            name="paid_currency",
            field=djmoney.models.fields.CurrencyField(
                choices=[("EUR", "Euro")],
                default="EUR",
                editable=False,
                max_length=3,
                null=True,
            ),
        ),
        AddConstraintNotValid(
            model_name="claimtransition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paid", None),
                    models.Q(("paid__gt", 0), ("to_state__in", ["paid", "given_back"])),
                    _connector="OR",
                ),
                name="claim_move_of_money",
            ),
        ),
        ValidateConstraint(model_name="claimtransition", name="claim_move_of_money"),
    ]
