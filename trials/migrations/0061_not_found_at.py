"""A frame tells since when its unit is known not to lie on its shelf, so that none frees it."""

from django.db import migrations, models

# Of boxes that wait to be packed alone; they are few, whatever the table holds.
NOTE_WHAT_IS_MISSED = """
UPDATE trials_trialitem item
SET not_found_at = missed.at
FROM trials_trial trial
JOIN trials_picktote tote ON tote.trial_id = trial.id AND NOT tote.released
JOIN trials_unitnotfound missed ON missed.tote_id = tote.id
    AND missed.found_at IS NULL AND missed.replaced_by_id IS NULL
WHERE trial.state = 'approved' AND item.trial_id = trial.id
    AND item.unit_id = missed.unit_id AND item.holds_unit
"""


class Migration(migrations.Migration):
    """Adds a column that is empty, then fills it for boxes that wait for a unit.

    Both in one transaction: no box is called off between them.
    """

    dependencies = [("trials", "0060_claims_booked")]

    operations = [
        migrations.AddField(
            model_name="trialitem",
            name="not_found_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(NOTE_WHAT_IS_MISSED, migrations.RunSQL.noop, elidable=True),
    ]
