"""Indexes by which units are reserved, held and listed."""

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    """Builds beside the running shop: no index and no check locks the table while it is read.

    The release before this one reserves by the index of the variant until it is gone.
    """

    atomic = False

    dependencies = [("trials", "0010_waitlist")]

    operations = [
        AddIndexConcurrently(
            "trialunit",
            models.Index(
                fields=["variant", "uses", "id"],
                name="unit_free",
                condition=models.Q(state="available", held_for=None),
            ),
        ),
        AddIndexConcurrently(
            "trialunit", models.Index(fields=["state", "id"], name="unit_of_state")
        ),
        AddIndexConcurrently(
            "trialunit", models.Index(fields=["location", "id"], name="unit_of_shelf")
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY one_unit_a_wait"
                    " ON trials_trialunit (held_for_id) WHERE held_for_id IS NOT NULL",
                    "DROP INDEX CONCURRENTLY one_unit_a_wait",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    "trialunit",
                    models.UniqueConstraint(
                        fields=["held_for"],
                        condition=models.Q(held_for__isnull=False),
                        name="one_unit_a_wait",
                    ),
                )
            ],
        ),
        AddConstraintNotValid(
            "trialunit",
            models.CheckConstraint(
                condition=models.Q(held_for=None) | models.Q(state="available"),
                name="held_on_the_shelf",
            ),
        ),
        ValidateConstraint("trialunit", "held_on_the_shelf"),
        RemoveIndexConcurrently("trialunit", "unit_available"),
        RemoveIndexConcurrently("trialunit", "unit_by_state"),
    ]
