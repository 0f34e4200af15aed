"""A parcel may be on several manifests, of which all but one left it out."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Drops the wider rule, which touches no row; the narrower one stands since 0069.

    Taking it back needs that no parcel is on a second manifest.
    """

    dependencies = [("trials", "0069_manifests_of_a_parcel")]

    operations = [
        migrations.AlterField(
            model_name="manifestparcel",
            name="shipment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="manifest_parcels",
                to="trials.shipment",
                verbose_name="shipment",
            ),
        ),
    ]
