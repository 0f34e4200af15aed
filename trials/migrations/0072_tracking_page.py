"""The carrier's own page about a parcel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a column with a default of the database: no row is written anew."""

    dependencies = [("trials", "0071_out_elsewhere_rule")]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="tracking_url",
            field=models.URLField(
                blank=True,
                db_default="",
                default="",
                max_length=500,
                verbose_name="tracking page",
            ),
        ),
    ]
