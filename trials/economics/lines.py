"""Which trial each entry of the ledger belongs to: the one definition, in SQL.

An order belongs to the trial of its customer that was delivered last in the 30 days before the
order was placed, among those that had a frame of the order in the box. Its sales, the cost of its
goods, its welcome gift and the reward its advocate got belong to that trial.
"""

from shop.payments.models import LedgerEntry

Account = LedgerEntry.Account
ORDER_DAYS = 30
# Income first: the order of the table from income to contribution margin.
INCOME = (
    Account.TRIAL_FEES,
    Account.LATE_FEES,
    Account.UNRETURNED,
    Account.KEPT_SALES,
    Account.SALES,
)
COSTS = (
    Account.GOODS,
    Account.REWARDS,
    Account.SHIPPING,
    Account.REFURBISHMENT,
    Account.LABOUR,
    Account.WRITE_OFFS,
    Account.CLAIMS,
    Account.DISPUTES,
    Account.DISPUTE_FEES,
)
ACCOUNTS = (*INCOME, *COSTS)

# One row for each entry of these accounts between two moments, income above zero. Each join finds
# one row at the most, so that no entry is counted twice and none is left out. References are read
# as ids only for the kinds that have ids.
ENTRIES = """
SELECT e.account, e.amount_currency AS currency, -e.amount AS amount,
    coalesce(cost.trial_id, fee.id, charge.trial_id, bought.trial_id) AS trial_id,
    coalesce(cost.variant_id, item.variant_id, bought.variant_id) AS variant_id
FROM shop_ledgertransaction t
JOIN shop_ledgerentry e ON e.transaction_id = t.id
LEFT JOIN trials_trialcost cost ON cost.transaction_id = t.id
LEFT JOIN trials_trial fee
    ON fee.number = CASE WHEN e.account = 'trial_fees' THEN t.reference END
LEFT JOIN shop_refund refund
    ON refund.id = CASE WHEN t.kind IN ('refund', 'refund_failed') THEN t.reference::uuid END
LEFT JOIN shop_dispute dispute
    ON dispute.stripe_dispute_id =
        CASE WHEN t.kind IN ('dispute', 'dispute_fee') THEN split_part(t.reference, ':', 1) END
LEFT JOIN shop_payment payment
    ON payment.id = CASE WHEN t.kind = 'payment' THEN t.reference::uuid
        ELSE coalesce(refund.payment_id, dispute.payment_id) END
LEFT JOIN trials_trialcharge charge
    ON charge.id = CASE
        WHEN t.kind IN ('late_fee', 'late_fee_back', 'debt_from_deposit', 'debt_from_deposit_back')
        THEN left(t.reference, 36)::uuid
        WHEN payment.purpose = ANY(%(purposes)s) THEN payment.reference::uuid
    END
LEFT JOIN trials_trialitem item ON item.id = charge.item_id
LEFT JOIN shop_eventkey rewarded
    ON rewarded.key = CASE
        WHEN t.kind IN ('reward', 'reward_reversed') AND e.order_number = ''
        THEN 'reward_granted:' || t.reference
    END
LEFT JOIN shop_event reward
    ON reward.id = rewarded.event_id AND reward.occurred_at = rewarded.occurred_at
        AND reward.subject_type = 'order'
LEFT JOIN shop_order placed
    ON placed.number = CASE WHEN e.order_number <> '' THEN e.order_number END
        OR placed.id = CASE WHEN reward.subject_type = 'order' THEN reward.subject_id::uuid END
LEFT JOIN LATERAL (
    SELECT tried.trial_id, tried.variant_id
    FROM trials_trial trial
    JOIN trials_trialitem tried ON tried.trial_id = trial.id
    JOIN shop_variant one ON one.id = tried.variant_id
    JOIN shop_variant other ON other.frame_id = one.frame_id
    JOIN shop_orderline line ON line.variant_id = other.id AND line.order_id = placed.id
    WHERE trial.user_id = placed.user_id AND trial.delivered_at <= placed.placed_at
        AND trial.delivered_at > placed.placed_at - make_interval(days => %(order_days)s)
    ORDER BY trial.delivered_at DESC, trial.id, line.id, tried.id
    LIMIT 1
) bought ON true
WHERE t.at >= %(since)s AND t.at < %(until)s AND e.account = ANY(%(accounts)s)
"""
