"""When somebody last set about paying a payment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a column that may be empty: the last release need not know of it."""

    dependencies = [("shop", "0031_order_packed_law")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="tried_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="tried at"),
        ),
    ]
