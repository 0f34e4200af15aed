"""A parcel that was left out of a manifest may go with the next: it goes with one."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds both indexes beside running code; every parcel is on one manifest until now."""

    atomic = False
    dependencies = [("trials", "0068_further_objections")]

    operations = [
        AddIndexConcurrently(
            model_name="manifestparcel",
            index=models.Index(fields=["shipment"], name="manifests_of_parcel"),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY parcel_goes_with_one_manifest"
                    " ON trials_manifestparcel (shipment_id) WHERE NOT left_out",
                    "DROP INDEX CONCURRENTLY parcel_goes_with_one_manifest",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="manifestparcel",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("left_out", False)),
                        fields=("shipment",),
                        name="parcel_goes_with_one_manifest",
                    ),
                ),
            ],
        ),
    ]
