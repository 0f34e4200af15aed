"""Several payments may be taken from one hold, so that they share its intent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a constant column, whose default the database keeps."""

    dependencies = [("shop", "0020_address_by_place")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="shares_intent",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="shares its intent"
            ),
        ),
    ]
