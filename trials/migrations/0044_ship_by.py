"""A trial knows by when it is to leave."""

from django.db import migrations, models

# What waits was approved by nobody's deadline: a day after that is as good as any.
WAITING = """
UPDATE trials_trial trial SET ship_by = coalesce(
    (
        SELECT max(move.at) FROM trials_trialtransition move
        WHERE move.subject_id = trial.id AND move.to_state = 'approved'
    ),
    trial.requested_at
) + interval '1 day'
WHERE trial.state IN ('approved', 'packed') AND trial.ship_by IS NULL
"""


class Migration(migrations.Migration):
    """Adds an empty column, and fills it for the boxes of these days alone: those not shipped."""

    dependencies = [("trials", "0043_parcels_numbered")]

    operations = [
        migrations.AddField(
            model_name="trial",
            name="ship_by",
            field=models.DateTimeField(blank=True, null=True, verbose_name="to be shipped by"),
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop, elidable=True),
    ]
