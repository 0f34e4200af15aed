"""A parcel back tells that frames may be in it which were charged before the carrier had it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a column whose default the database holds, so that no row is written anew."""

    dependencies = [("trials", "0061_not_found_at")]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="may_hold_charged",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="may hold what was charged"
            ),
        ),
    ]
