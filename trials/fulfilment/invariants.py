"""What must always be true of batches and manifests."""

from shop.foundation.invariants import invariant

invariant(
    4,
    # Left out, it may go later: alone, with the next manifest, or as its carrier says.
    "A parcel handed over has left, and one left out had not by then",
    """
    SELECT manifest.id AS manifest, shipment.tracking_number, trial.state, parcel.left_out
    FROM trials_manifest manifest
    JOIN trials_manifestparcel parcel ON parcel.manifest_id = manifest.id
    JOIN trials_shipment shipment ON shipment.id = parcel.shipment_id
    JOIN trials_trial trial ON trial.id = shipment.trial_id
    WHERE manifest.state = 'closed' AND (
        NOT parcel.left_out AND trial.shipped_at IS NULL
        OR parcel.left_out AND EXISTS (
            SELECT FROM trials_trialtransition move
            WHERE move.subject_id = trial.id AND move.to_state = 'shipped'
                AND move.at < manifest.closed_at
        )
    )
    """,
)
invariant(
    4,
    "A pick batch's and a manifest's state equal their latest moves",
    """
    SELECT 'batch' AS what, batch.id, batch.state
    FROM trials_pickbatch batch
    LEFT JOIN LATERAL (
        SELECT move.to_state FROM trials_pickbatchtransition move
        WHERE move.subject_id = batch.id ORDER BY move.id DESC LIMIT 1
    ) latest ON true
    WHERE batch.state IS DISTINCT FROM latest.to_state
    UNION ALL
    SELECT 'manifest', manifest.id, manifest.state
    FROM trials_manifest manifest
    LEFT JOIN LATERAL (
        SELECT move.to_state FROM trials_manifesttransition move
        WHERE move.subject_id = manifest.id ORDER BY move.id DESC LIMIT 1
    ) latest ON true
    WHERE manifest.state IS DISTINCT FROM latest.to_state
    """,
)
invariant(
    4,
    "A unit that was replaced while picking is held by no trial of that tote",
    """
    SELECT missing.id, unit.barcode
    FROM trials_unitnotfound missing
    JOIN trials_trialunit unit ON unit.id = missing.unit_id
    JOIN trials_picktote tote ON tote.id = missing.tote_id
    JOIN trials_trialitem item
        ON item.trial_id = tote.trial_id AND item.unit_id = missing.unit_id AND item.holds_unit
    WHERE missing.replaced_by_id IS NOT NULL
    """,
)
