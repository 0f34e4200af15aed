"""Trials that are out are told what is away of them, some at a time."""

from django.db import migrations

OUT = "('shipped', 'delivered', 'returning', 'received')"
SOME = f"""
UPDATE trials_trial trial SET away_value = away.total, away_value_currency = away.currency
FROM (
    SELECT item.trial_id, sum(item.price) AS total, min(item.price_currency) AS currency
    FROM trials_trialitem item
    JOIN trials_trial out ON out.id = item.trial_id AND out.state IN {OUT}
    WHERE item.settled_at IS NULL AND item.price > 0 AND out.away_value = 0
    GROUP BY item.trial_id
    LIMIT 2000
) away
WHERE away.trial_id = trial.id
"""


def fill(apps, schema_editor):
    """Fill batch by batch until none is left; each commits on its own."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SOME)
        while cursor.rowcount:
            cursor.execute(SOME)


class Migration(migrations.Migration):
    """Locks the rows of a batch, and no longer than it takes."""

    atomic = False
    dependencies = [("trials", "0024_notices_and_value_away")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
