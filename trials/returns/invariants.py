"""What must always be true of charges and what they settle."""

from shop.foundation.invariants import invariant

invariant(
    5,
    "A closed trial owes nothing",
    """
    SELECT trial.number, charge.id AS charge, charge.state
    FROM trials_trial trial
    JOIN trials_trialitem item ON item.trial_id = trial.id
    JOIN trials_trialcharge charge ON charge.item_id = item.id
    WHERE trial.state = 'closed' AND charge.state = 'owed'
    """,
)
invariant(
    5,
    "A frame that was kept is paid, and one that was paid is kept",
    """
    SELECT trial.number, item.id AS item, item.outcome, charge.state AS charge
    FROM trials_trialitem item
    JOIN trials_trial trial ON trial.id = item.trial_id
    LEFT JOIN trials_trialcharge charge
        ON charge.item_id = item.id AND charge.purpose = 'unreturned'
    WHERE (item.outcome = 'kept') <> (charge.state IS NOT DISTINCT FROM 'paid')
    """,
)
invariant(
    5,
    "A paid charge has a payment of its amount",
    """
    SELECT charge.id AS charge, charge.amount, payment.amount AS paid
    FROM trials_trialcharge charge
    LEFT JOIN shop_payment payment
        ON payment.purpose = 'unreturned_frame' AND payment.reference = charge.id::text
        AND payment.state = 'succeeded'
    WHERE charge.state = 'paid' AND charge.purpose = 'unreturned'
        AND (payment.id IS NULL OR payment.amount <> charge.amount
            OR payment.amount_currency <> charge.amount_currency)
    """,
)
invariant(
    5,
    "A charge's state equals its latest move",
    """
    SELECT charge.id AS charge, charge.state, latest.to_state AS latest_move
    FROM trials_trialcharge charge
    LEFT JOIN LATERAL (
        SELECT move.to_state
        FROM trials_chargetransition move
        WHERE move.subject_id = charge.id
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE charge.state IS DISTINCT FROM latest.to_state
    """,
)
invariant(
    5,
    "An item that came back was looked at",
    """
    SELECT trial.number, item.id AS item, item.outcome
    FROM trials_trialitem item
    JOIN trials_trial trial ON trial.id = item.trial_id
    LEFT JOIN trials_inspection inspection ON inspection.item_id = item.id
    WHERE item.outcome IN ('returned', 'damaged') AND inspection.id IS NULL
    """,
)
