"""What must always be true of charges and what they settle."""

from shop.foundation.invariants import invariant

invariant(
    5,
    "A closed trial owes nothing",
    """
    SELECT trial.number, charge.id AS charge, charge.state
    FROM trials_trial trial
    JOIN trials_trialcharge charge ON charge.trial_id = trial.id
    WHERE trial.state = 'closed' AND charge.state = 'owed'
    """,
)
invariant(
    5,
    "A frame that was kept is paid, and one that was paid is kept or came back",
    """
    SELECT trial.number, item.id AS item, item.outcome
    FROM trials_trialitem item
    JOIN trials_trial trial ON trial.id = item.trial_id
    WHERE (item.outcome = 'kept' AND NOT EXISTS (
            SELECT 1
            FROM trials_trialcharge charge
            WHERE charge.item_id = item.id AND charge.purpose IN ('unreturned', 'kept')
                AND charge.state IN ('paid', 'partly_refunded', 'refunded')))
        OR (item.outcome NOT IN ('kept', 'returned', 'damaged') AND EXISTS (
            SELECT 1
            FROM trials_trialcharge charge
            WHERE charge.item_id = item.id AND charge.purpose IN ('unreturned', 'kept')
                AND charge.state IN ('paid', 'partly_refunded', 'refunded')))
    """,
)
invariant(
    5,
    "A paid charge has a payment of its amount, or was kept from what was given back",
    """
    SELECT charge.id AS charge, charge.amount, payment.amount AS paid
    FROM trials_trialcharge charge
    LEFT JOIN shop_payment payment
        ON payment.purpose = CASE charge.purpose
            WHEN 'unreturned' THEN 'unreturned_frame'
            WHEN 'damaged' THEN 'damaged_frame'
            WHEN 'kept' THEN 'kept_frame'
            ELSE 'late_fee' END
        AND payment.reference = charge.id::text AND payment.state = 'succeeded'
    LEFT JOIN shop_ledgertransaction kept
        ON kept.kind = 'late_fee' AND kept.reference = charge.id::text
    LEFT JOIN shop_ledgerentry entry
        ON entry.transaction_id = kept.id AND entry.account = 'late_fees'
    WHERE charge.state IN ('paid', 'partly_refunded', 'refunded')
        AND charge.amount IS DISTINCT FROM coalesce(payment.amount, -entry.amount)
    """,
)
invariant(
    1,
    "What was given back of a charge is what its refunds come to, and no more than was paid",
    """
    SELECT charge.id AS charge, charge.state, charge.amount, charge.refunded, given.back
    FROM trials_trialcharge charge
    LEFT JOIN LATERAL (
        SELECT sum(refund.amount) AS back
        FROM shop_payment payment
        JOIN shop_refund refund ON refund.payment_id = payment.id AND refund.state = 'succeeded'
        WHERE payment.purpose IN ('unreturned_frame', 'damaged_frame', 'kept_frame', 'late_fee')
            AND payment.reference = charge.id::text
    ) given ON true
    WHERE charge.kept_from_id IS NULL AND charge.state IN ('paid', 'partly_refunded', 'refunded')
        AND (charge.refunded <> coalesce(given.back, 0)
            OR charge.state <> CASE
                WHEN charge.refunded = 0 THEN 'paid'
                WHEN charge.refunded = charge.amount THEN 'refunded'
                ELSE 'partly_refunded' END)
    """,
)
invariant(
    5,
    "A late fee is never above its programme's cap",
    """
    SELECT trial.number, charge.amount, version.late_fee_cap
    FROM trials_trialcharge charge
    JOIN trials_trial trial ON trial.id = charge.trial_id
    JOIN trials_programmeversion version ON version.id = trial.programme_version_id
    WHERE charge.purpose = 'late' AND version.late_fee_cap > 0
        AND charge.amount > version.late_fee_cap
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
invariant(
    5,
    "A proposal that was charged has one charge of its amount, for its own frame",
    """
    SELECT proposal.id AS proposal, proposal.state, charge.id AS charge
    FROM trials_chargeproposal proposal
    JOIN trials_inspection inspection ON inspection.id = proposal.inspection_id
    LEFT JOIN trials_trialcharge charge ON charge.id = proposal.charge_id
    WHERE (proposal.state = 'charged') <> (charge.id IS NOT NULL)
        OR (charge.id IS NOT NULL AND (charge.amount <> proposal.amount
            OR charge.purpose <> 'damaged' OR charge.item_id <> inspection.item_id))
    """,
)
invariant(
    5,
    "Damage is charged by a proposal, and by nothing else",
    """
    SELECT charge.id AS charge, charge.state
    FROM trials_trialcharge charge
    LEFT JOIN trials_chargeproposal proposal ON proposal.charge_id = charge.id
    WHERE charge.purpose = 'damaged' AND proposal.id IS NULL
    """,
)
invariant(
    5,
    "A proposal's state equals its latest move",
    """
    SELECT proposal.id AS proposal, proposal.state, latest.to_state AS latest_move
    FROM trials_chargeproposal proposal
    LEFT JOIN LATERAL (
        SELECT move.to_state
        FROM trials_proposaltransition move
        WHERE move.subject_id = proposal.id
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE proposal.state IS DISTINCT FROM latest.to_state
    """,
)
invariant(
    5,
    "A closed trial has no damage undecided",
    """
    SELECT trial.number, proposal.id AS proposal, proposal.state
    FROM trials_trial trial
    JOIN trials_trialitem item ON item.trial_id = trial.id
    JOIN trials_inspection inspection ON inspection.item_id = item.id
    JOIN trials_chargeproposal proposal ON proposal.inspection_id = inspection.id
    WHERE trial.state = 'closed' AND proposal.state IN ('proposed', 'accepted', 'objected')
    """,
)
invariant(
    5,
    "Nothing is owed for a frame that the carrier lost",
    """
    SELECT trial.number, charge.id AS charge, claim.id AS claim
    FROM trials_claim claim
    JOIN trials_shipment shipment ON shipment.id = claim.shipment_id
    JOIN trials_trial trial ON trial.id = shipment.trial_id
    JOIN trials_trialitem item ON item.trial_id = trial.id AND item.outcome = 'lost'
    JOIN trials_trialcharge charge ON charge.item_id = item.id AND charge.state = 'owed'
    WHERE claim.state <> 'withdrawn'
    """,
)
invariant(
    2,
    "What the deposit paid of a charge is booked",
    """
    SELECT charge.id AS charge, charge.from_deposit, coalesce(booked.amount, 0) AS booked
    FROM trials_trialcharge charge
    LEFT JOIN (
        SELECT left(t.reference, 36) AS charge, sum(entry.amount) AS amount
        FROM shop_ledgertransaction t
        JOIN shop_ledgerentry entry ON entry.transaction_id = t.id AND entry.account = 'deposits'
        WHERE t.kind IN ('debt_from_deposit', 'debt_from_deposit_back')
        GROUP BY left(t.reference, 36)
    ) booked ON booked.charge = charge.id::text
    WHERE charge.from_deposit <> coalesce(booked.amount, 0)
    """,
)
invariant(
    2,
    "What is kept of a trial's deposit is what it paid of the trial's charges",
    """
    SELECT trial.number, trial.kept_deposit, coalesce(sum(charge.from_deposit), 0) AS paid
    FROM trials_trial trial
    LEFT JOIN trials_trialcharge charge ON charge.trial_id = trial.id
    GROUP BY trial.id
    HAVING trial.kept_deposit <> coalesce(sum(charge.from_deposit), 0)
    """,
)
invariant(
    2,
    "What is kept as a late fee, and was not given back, is booked",
    """
    SELECT charge.id AS charge, charge.amount, charge.refunded, booked.amount AS booked
    FROM trials_trialcharge charge
    LEFT JOIN (
        SELECT left(t.reference, 36) AS charge, -sum(entry.amount) AS amount
        FROM shop_ledgertransaction t
        JOIN shop_ledgerentry entry
            ON entry.transaction_id = t.id AND entry.account = 'late_fees'
        WHERE t.kind IN ('late_fee', 'late_fee_back')
        GROUP BY left(t.reference, 36)
    ) booked ON booked.charge = charge.id::text
    WHERE charge.kept_from_id IS NOT NULL
        AND charge.amount - charge.refunded IS DISTINCT FROM booked.amount
    """,
)
