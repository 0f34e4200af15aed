"""Charges made before are given their trials, some at a time."""

from django.db import migrations

SOME = """
UPDATE trials_trialcharge charge SET trial_id = item.trial_id
FROM trials_trialitem item
WHERE item.id = charge.item_id AND charge.id IN (
    SELECT id FROM trials_trialcharge WHERE trial_id IS NULL LIMIT 5000
)
"""


def fill(apps, schema_editor):
    """Fill row by row in the database until none is left; each batch commits on its own."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SOME)
        while cursor.rowcount:
            cursor.execute(SOME)


class Migration(migrations.Migration):
    """Locks the rows of a batch, and no longer than it takes."""

    atomic = False
    dependencies = [("trials", "0013_charge_of_trial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
