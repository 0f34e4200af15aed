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
invariant(
    4,
    "A unit is held for somebody whose turn it is, and for nobody else",
    """
    SELECT entry.id AS entry, entry.state, unit.barcode
    FROM (SELECT * FROM trials_waitlistentry WHERE state = 'held') entry
    FULL JOIN (SELECT * FROM trials_trialunit WHERE held_for_id IS NOT NULL) unit
        ON unit.held_for_id = entry.id AND unit.variant_id = entry.variant_id
    WHERE entry.id IS NULL OR unit.id IS NULL
    """,
)
invariant(
    4,
    "Where somebody waits for a variant, no unit of it is free for others",
    """
    SELECT entry.id AS entry, entry.variant_id
    FROM trials_waitlistentry entry
    -- Nothing is held of what is not shown in the shop.
    JOIN shop_variant variant ON variant.id = entry.variant_id AND variant.active
    JOIN shop_frame frame ON frame.id = variant.frame_id AND frame.published
    -- Who could not ask for a box is passed over and keeps her place.
    WHERE entry.state = 'waiting' AND entry.passed_at IS NULL AND EXISTS (
        SELECT FROM trials_trialunit unit
        WHERE unit.variant_id = entry.variant_id AND unit.state = 'available'
            AND unit.held_for_id IS NULL
    )
    """,
)
invariant(
    4,
    "Nobody is served before who waited longer",
    """
    SELECT waiting.id AS waiting, held.id AS served_before
    FROM trials_waitlistentry held
    JOIN trials_waitlistentry waiting
        ON waiting.variant_id = held.variant_id AND waiting.state = 'waiting'
    WHERE held.state = 'held' AND waiting.joined_at < held.joined_at
        AND NOT held.went_before
        -- Who was first again after what was held for her was withdrawn waits for the next unit.
        AND NOT EXISTS (
            SELECT FROM trials_waitlisttransition move
            WHERE move.subject_id = waiting.id AND move.from_state = 'held'
        )
    """,
)
invariant(
    4,
    "A wait's state equals its latest move",
    """
    SELECT entry.id AS entry, entry.state, latest.to_state AS latest_move
    FROM trials_waitlistentry entry
    LEFT JOIN LATERAL (
        SELECT move.to_state
        FROM trials_waitlisttransition move
        WHERE move.subject_id = entry.id
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE entry.state IS DISTINCT FROM latest.to_state
    """,
)
