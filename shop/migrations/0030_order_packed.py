"""What of an order was scanned into its parcel, and with what the parcel went."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns with a constant default; the law looks at new rows first."""

    dependencies = [("shop", "0029_milestones")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="carrier",
            field=models.CharField(
                blank=True, db_default="", max_length=40, verbose_name="carrier"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="tracking_number",
            field=models.CharField(
                blank=True, db_default="", max_length=40, verbose_name="tracking number"
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="packed",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("packed__lte", models.F("quantity"))),
                name="order_line_packed_within",
            ),
        ),
    ]
