"""A late fee that was kept of a refund tells of which, so that it is given back with that."""

import django.db.models.deletion
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models

# Few rows: fees that no payment was asked for. Before, the charge paid last was taken for it.
NOTE_OF_WHICH = """
UPDATE trials_trialcharge fee
SET kept_from_id = (
    SELECT charge.id FROM trials_trialcharge charge
    WHERE charge.trial_id = fee.trial_id AND charge.purpose IN ('unreturned', 'kept')
        AND charge.created_at < fee.created_at
        AND (charge.state IN ('paid', 'partly_refunded', 'refunded') OR charge.from_deposit > 0)
    ORDER BY charge.created_at DESC, charge.id DESC
    LIMIT 1
)
FROM shop_ledgertransaction kept
WHERE fee.purpose = 'late' AND kept.kind = 'late_fee' AND kept.reference = fee.id::text
"""


class Migration(migrations.Migration):
    """Each step in a transaction of its own: none holds the table while its rows are read."""

    atomic = False

    dependencies = [("trials", "0062_parcels_of_charged")]

    operations = [
        migrations.AddField(
            model_name="trialcharge",
            name="kept_from",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kept_fees",
                to="trials.trialcharge",
                verbose_name="kept from",
            ),
        ),
        AddConstraintNotValid(
            model_name="trialcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept_from", None), ("purpose", "late"), _connector="OR"),
                name="late_fees_alone_are_kept",
            ),
        ),
        ValidateConstraint(model_name="trialcharge", name="late_fees_alone_are_kept"),
        AddIndexConcurrently(
            model_name="trialcharge",
            index=models.Index(
                condition=models.Q(("kept_from", None), _negated=True),
                fields=["kept_from"],
                name="fee_kept_from",
            ),
        ),
        migrations.RunSQL(NOTE_OF_WHICH, migrations.RunSQL.noop, elidable=True),
    ]
