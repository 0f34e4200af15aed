"""A frame tells since when its unit lies in a tote, so that it is put back before it is free."""

from django.db import migrations, models

# Of boxes that wait to be packed alone; they are few, whatever the table holds.
NOTE_WHAT_LIES_IN_TOTES = """
UPDATE trials_trialitem item
SET picked_at = pick.at
FROM trials_trial trial
JOIN trials_picktote tote ON tote.trial_id = trial.id AND NOT tote.released
JOIN trials_pick pick ON pick.tote_id = tote.id
WHERE trial.state = 'approved' AND item.trial_id = trial.id
    AND item.unit_id = pick.unit_id AND item.holds_unit
"""


class Migration(migrations.Migration):
    """Adds a column that is empty, then fills it for boxes that are being picked.

    Both in one transaction: no box is called off between them.
    """

    dependencies = [("trials", "0054_words_of_damage")]

    operations = [
        migrations.AddField(
            model_name="trialitem",
            name="picked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(NOTE_WHAT_LIES_IN_TOTES, migrations.RunSQL.noop, elidable=True),
    ]
