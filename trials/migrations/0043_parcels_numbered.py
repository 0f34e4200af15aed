"""One parcel a leg becomes one parcel a leg and number; what is back is known to be back."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

BACK = """
UPDATE trials_shipment parcel SET checked_in_at = moved.at
FROM trials_trial trial
JOIN LATERAL (
    SELECT min(move.at) AS at
    FROM trials_trialtransition move
    WHERE move.subject_id = trial.id AND move.to_state = 'received'
) moved ON moved.at IS NOT NULL
WHERE parcel.trial_id = trial.id AND trial.state = 'received' AND parcel.leg = 'return'
    AND parcel.checked_in_at IS NULL
"""


class Migration(migrations.Migration):
    """Builds the new indexes beside running code, then drops the narrower rule.

    Only the parcels of trials that are received and not over are marked as checked in: those few
    whose charge would else wait for them. Taking it back needs that no trial has a second label.
    """

    atomic = False
    dependencies = [("trials", "0042_more_labels")]

    operations = [
        ValidateConstraint(model_name="shipment", name="only_what_comes_back_is_checked_in"),
        migrations.RunSQL(BACK, migrations.RunSQL.noop, elidable=True),
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index(
                condition=models.Q(("leg", "return"), ("nth__gt", 1)),
                fields=["trial"],
                name="shipment_label_besides",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY one_parcel_out"
                    " ON trials_shipment (trial_id) WHERE leg = 'outbound'",
                    "DROP INDEX CONCURRENTLY one_parcel_out",
                ),
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY parcels_numbered"
                    " ON trials_shipment (trial_id, leg, nth)",
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(
                    "ALTER TABLE trials_shipment ADD CONSTRAINT parcels_numbered"
                    " UNIQUE USING INDEX parcels_numbered",
                    "ALTER TABLE trials_shipment DROP CONSTRAINT parcels_numbered",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="shipment",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("leg", "outbound")),
                        fields=("trial",),
                        name="one_parcel_out",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shipment",
                    constraint=models.UniqueConstraint(
                        fields=("trial", "leg", "nth"), name="parcels_numbered"
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name="shipment", name="one_parcel_a_leg"),
    ]
