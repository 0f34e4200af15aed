"""What must always be true of claims."""

from shop.foundation.invariants import invariant

invariant(
    5,
    "A claim's state equals its latest move",
    """
    SELECT claim.id AS claim, claim.state, latest.to_state AS latest_move
    FROM trials_claim claim
    LEFT JOIN LATERAL (
        SELECT move.to_state
        FROM trials_claimtransition move
        WHERE move.subject_id = claim.id
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE claim.state IS DISTINCT FROM latest.to_state
    """,
)
invariant(
    2,
    "What is noted as paid of a claim is what its latest payment noted",
    """
    SELECT claim.id AS claim, claim.paid, latest.paid AS noted
    FROM trials_claim claim
    JOIN LATERAL (
        SELECT move.paid, move.paid_currency
        FROM trials_claimtransition move
        WHERE move.subject_id = claim.id AND move.to_state IN ('paid', 'given_back')
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE latest.paid IS NOT NULL
        AND (latest.paid, latest.paid_currency) <> (claim.paid, claim.paid_currency)
    """,
)
invariant(
    2,
    "What a carrier paid, and was not given back, is booked",
    """
    SELECT claim.id AS claim, claim.state, claim.paid, coalesce(booked.amount, 0) AS booked
    FROM trials_claim claim
    LEFT JOIN (
        SELECT left(t.reference, 36) AS claim, -sum(entry.amount) AS amount
        FROM shop_ledgertransaction t
        JOIN shop_ledgerentry entry ON entry.transaction_id = t.id AND entry.account = 'claims'
        WHERE t.kind = 'cost_claim'
        GROUP BY left(t.reference, 36)
    ) booked ON booked.claim = claim.id::text
    WHERE CASE WHEN claim.state = 'paid' THEN claim.paid ELSE 0 END <> coalesce(booked.amount, 0)
    """,
)
