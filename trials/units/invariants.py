"""What must always be true of units."""

from shop.foundation.invariants import invariant

invariant(
    4,
    "A trial unit's state equals its latest movement",
    """
    SELECT unit.barcode, unit.state, latest.to_state AS latest_movement
    FROM trials_trialunit unit
    LEFT JOIN LATERAL (
        SELECT movement.to_state
        FROM trials_unitmovement movement
        WHERE movement.subject_id = unit.id
        ORDER BY movement.id DESC
        LIMIT 1
    ) latest ON true
    WHERE unit.state IS DISTINCT FROM latest.to_state
    """,
)
