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
