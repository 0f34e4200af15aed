"""What must always be true of money."""

from shop.foundation.invariants import invariant

invariant(
    1,
    "No payment is refunded above what was paid",
    """
    SELECT p.id AS payment, p.amount, p.refunded, coalesce(sum(r.amount), 0) AS refunds
    FROM shop_payment p
    LEFT JOIN shop_refund r ON r.payment_id = p.id AND r.state <> 'failed'
    GROUP BY p.id, p.amount, p.refunded
    HAVING p.refunded > p.amount OR p.refunded <> coalesce(sum(r.amount), 0)
    """,
)
invariant(
    1,
    "A thing owed is paid once",
    """
    SELECT purpose, reference, count(*) AS paid FROM shop_payment
    WHERE state = 'succeeded' GROUP BY purpose, reference HAVING count(*) > 1
    """,
)
invariant(
    2,
    "Every ledger transaction sums to zero",
    """
    SELECT transaction_id AS ledger_transaction, amount_currency, sum(amount) AS off_by
    FROM shop_ledgerentry GROUP BY transaction_id, amount_currency HAVING sum(amount) <> 0
    """,
)
invariant(
    2,
    "Every payment and refund that went through is booked, with its amount",
    """
    SELECT moved.kind, moved.reference, moved.amount, coalesce(sum(e.amount), 0) AS booked
    FROM (
        SELECT 'payment' AS kind, id::text AS reference, amount FROM shop_payment
        WHERE state = 'succeeded'
        UNION ALL
        SELECT 'refund', id::text, -amount FROM shop_refund WHERE state = 'succeeded'
    ) moved
    LEFT JOIN shop_ledgertransaction t ON t.kind = moved.kind AND t.reference = moved.reference
    LEFT JOIN shop_ledgerentry e ON e.transaction_id = t.id AND e.account = 'stripe'
    GROUP BY moved.kind, moved.reference, moved.amount
    HAVING moved.amount <> coalesce(sum(e.amount), 0)
    """,
)
invariant(
    2,
    "A customer's credit equals its ledger's",
    """
    SELECT coalesce(a.user_id, e.user_id) AS customer, a.balance, e.booked
    FROM shop_creditaccount a
    FULL JOIN (
        SELECT user_id, amount_currency, -sum(amount) AS booked FROM shop_ledgerentry
        WHERE account = 'customer_credit' AND user_id IS NOT NULL GROUP BY user_id, amount_currency
    ) e ON e.user_id = a.user_id AND e.amount_currency = a.balance_currency
    WHERE coalesce(a.balance, 0) <> coalesce(e.booked, 0)
    """,
)
invariant(
    7,
    "A reward is taken back once, by what was granted",
    """
    SELECT back.reference, back.kind, sum(entry.amount) AS amount
    FROM shop_ledgertransaction back
    LEFT JOIN shop_ledgertransaction granted
        ON granted.kind = 'reward' AND granted.reference = back.reference
    LEFT JOIN shop_ledgerentry entry
        ON entry.transaction_id IN (back.id, granted.id) AND entry.account = 'rewards'
    WHERE back.kind = 'reward_reversed'
    GROUP BY back.reference, back.kind, granted.id
    HAVING granted.id IS NULL OR sum(entry.amount) <> 0
    """,
)
TAKEN = """
    SELECT coalesce(dispute.stripe_dispute_id, booked.dispute) AS dispute,
        dispute.{column}, coalesce(booked.amount, 0) AS booked
    FROM shop_dispute dispute
    FULL JOIN (
        SELECT split_part(t.reference, ':', 1) AS dispute, sum(entry.amount) AS amount
        FROM shop_ledgertransaction t
        JOIN shop_ledgerentry entry ON entry.transaction_id = t.id AND entry.account = '{account}'
        WHERE t.kind = '{kind}'
        GROUP BY split_part(t.reference, ':', 1)
    ) booked ON booked.dispute = dispute.stripe_dispute_id
    WHERE coalesce(dispute.{column}, 0) <> coalesce(booked.amount, 0)
"""
invariant(
    2,
    "What banks took back of disputed payments is booked",
    TAKEN.format(column="withdrawn", account="disputes", kind="dispute"),
)
invariant(
    2,
    "What Stripe took for disputes is booked",
    TAKEN.format(column="fees", account="dispute_fees", kind="dispute_fee"),
)
