"""What must hold of charges, and the indexes that find those owed, the largest first."""

import django.db.models.deletion
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models

LAWS = [
    models.CheckConstraint(
        condition=models.Q(("item", None), ("purpose", "late"))
        | models.Q(("item__isnull", False)) & ~models.Q(("purpose", "late")),
        name="trial_charge_of_an_item_or_late",
    ),
    models.CheckConstraint(
        condition=models.Q(("refunded__gte", 0)) & models.Q(("refunded__lte", models.F("amount"))),
        name="trial_charge_refunded_within",
    ),
]
# Checked without a lock first, PostgreSQL takes the column's word for not being empty.
PROVEN = (
    "ALTER TABLE trials_trialcharge ADD CONSTRAINT trial_charge_has_trial"
    " CHECK (trial_id IS NOT NULL) NOT VALID",
    "ALTER TABLE trials_trialcharge VALIDATE CONSTRAINT trial_charge_has_trial",
)
DROP_PROOF = "ALTER TABLE trials_trialcharge DROP CONSTRAINT IF EXISTS trial_charge_has_trial"


class Migration(migrations.Migration):
    """Reads the table without stopping anybody who writes to it."""

    atomic = False
    dependencies = [("trials", "0014_fill_charge_trial")]

    operations = [
        migrations.RunSQL(PROVEN[0], DROP_PROOF),
        migrations.RunSQL(PROVEN[1], migrations.RunSQL.noop),
        AddIndexConcurrently(
            "trialcharge", models.Index(fields=["trial"], name="trials_trialcharge_of_trial")
        ),
        migrations.AlterField(
            "trialcharge",
            "trial",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charges",
                to="trials.trial",
                verbose_name="trial",
            ),
        ),
        migrations.RunSQL(DROP_PROOF, migrations.RunSQL.noop),
        *(AddConstraintNotValid("trialcharge", law) for law in LAWS),
        *(ValidateConstraint("trialcharge", law.name) for law in LAWS),
        AddIndexConcurrently(
            "trialcharge",
            models.Index(
                fields=["-amount", "id"],
                name="charge_owed",
                condition=models.Q(("state", "owed")),
            ),
        ),
        AddIndexConcurrently(
            "trialcharge", models.Index(fields=["-created_at", "id"], name="charge_latest")
        ),
        AddIndexConcurrently(
            "trialcharge",
            models.Index(
                fields=["trial"],
                name="charge_to_decide",
                condition=models.Q(("to_decide", True)),
            ),
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY one_charge_a_trial_and_purpose"
            " ON trials_trialcharge (trial_id, purpose) WHERE item_id IS NULL",
            "DROP INDEX CONCURRENTLY one_charge_a_trial_and_purpose",
            state_operations=[
                migrations.AddConstraint(
                    "trialcharge",
                    models.UniqueConstraint(
                        condition=models.Q(("item", None)),
                        fields=["trial", "purpose"],
                        name="one_charge_a_trial_and_purpose",
                    ),
                )
            ],
        ),
    ]
