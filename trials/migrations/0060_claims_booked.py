"""What carriers paid before it was booked is booked now; the rule of 0059 looks at all rows."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

# At the moment of the migration: a period that was closed stays as it was read.
BOOK_WHAT_WAS_PAID = """
WITH booked AS (
    INSERT INTO shop_ledgertransaction (kind, reference, at)
    SELECT 'cost_claim', claim.id::text, now() FROM trials_claim claim WHERE claim.state = 'paid'
    ON CONFLICT (kind, reference) DO NOTHING
    RETURNING id, reference
), whose AS (
    SELECT booked.id, claim.paid, claim.paid_currency, shipment.trial_id
    FROM booked
    JOIN trials_claim claim ON claim.id = booked.reference::uuid
    JOIN trials_shipment shipment ON shipment.id = claim.shipment_id
), entries AS (
    INSERT INTO shop_ledgerentry (transaction_id, account, amount, amount_currency, order_number)
    SELECT id, 'claims', -paid, paid_currency, '' FROM whose
    UNION ALL
    SELECT id, 'costs_accrued', paid, paid_currency, '' FROM whose
)
INSERT INTO trials_trialcost (transaction_id, trial_id) SELECT id, trial_id FROM whose
"""


class Migration(migrations.Migration):
    """Few rows: the claims that were paid."""

    dependencies = [("shop", "0033_account_of_claims"), ("trials", "0059_claim_given_back")]

    operations = [
        ValidateConstraint(model_name="claim", name="claim_given_back_of_something"),
        migrations.RunSQL(BOOK_WHAT_WAS_PAID, migrations.RunSQL.noop, elidable=True),
    ]
