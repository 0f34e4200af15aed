"""What was paid for claims before their history said so is read from the ledger."""

from django.db import migrations

# A claim's payments are booked under its id, later ones under its id and the place of the move
# among its moves: so much was paid in all from that move on. What was given back is all of it.
AMOUNTS_OF_BEFORE = """
WITH steps AS (
    SELECT id, subject_id, to_state,
        row_number() OVER (PARTITION BY subject_id ORDER BY id) AS nth
    FROM trials_claimtransition
), booked AS (
    SELECT left(t.reference, 36) AS claim,
        coalesce(nullif(split_part(t.reference, ':', 2), ''), '0')::int AS nth,
        -entry.amount AS amount, entry.amount_currency AS currency
    FROM shop_ledgertransaction t
    JOIN shop_ledgerentry entry ON entry.transaction_id = t.id AND entry.account = 'claims'
    WHERE t.kind = 'cost_claim' AND split_part(t.reference, ':', 2) <> 'back'
), paid AS (
    SELECT steps.id, sum(booked.amount) AS amount, min(booked.currency) AS currency
    FROM steps
    JOIN booked ON booked.claim = steps.subject_id::text AND booked.nth <= steps.nth
    WHERE steps.to_state IN ('paid', 'given_back')
    GROUP BY steps.id
)
UPDATE trials_claimtransition move
SET paid = paid.amount, paid_currency = paid.currency
FROM paid
WHERE move.id = paid.id AND paid.amount > 0 AND move.paid IS NULL
"""


class Migration(migrations.Migration):
    """Few rows: what carriers lost.

    The law that a history only grows is lifted for what this one did not say so far, in one
    transaction: whoever moves a claim meanwhile waits for it.
    """

    dependencies = [("trials", "0066_claim_moves_of_money")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE trials_claimtransition DISABLE TRIGGER append_only",
                AMOUNTS_OF_BEFORE,
                "ALTER TABLE trials_claimtransition ENABLE TRIGGER append_only",
            ],
            migrations.RunSQL.noop,
            elidable=True,
        ),
    ]
