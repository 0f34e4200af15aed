"""No more is packed of an order than was bought."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """The law looks at all rows without keeping anybody off."""

    dependencies = [("shop", "0030_order_packed")]

    operations = [
        ValidateConstraint(model_name="orderline", name="order_line_packed_within"),
    ]
