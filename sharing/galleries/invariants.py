"""What must always be true of galleries, on which votes rely."""

from shop.foundation.invariants import invariant

invariant(
    6,
    "A gallery's state equals its latest move",
    """
    SELECT gallery.id AS gallery, gallery.state, latest.to_state AS latest_move
    FROM sharing_gallery gallery
    LEFT JOIN LATERAL (
        SELECT move.to_state
        FROM sharing_gallerytransition move
        WHERE move.subject_id = gallery.id
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE gallery.state IS DISTINCT FROM latest.to_state
        OR (gallery.state = 'closed') <> (gallery.closed_at IS NOT NULL)
    """,
)
invariant(
    6,
    "A gallery shows the frames of its own trial",
    """
    SELECT gallery.id AS gallery, item.id AS item
    FROM sharing_gallery gallery
    JOIN trials_trial trial ON trial.id = gallery.trial_id
    JOIN sharing_galleryitem item ON item.gallery_id = gallery.id
    JOIN trials_trialitem trial_item ON trial_item.id = item.trial_item_id
    WHERE trial_item.trial_id <> trial.id
        OR trial_item.variant_id <> item.variant_id
        OR trial.user_id <> gallery.owner_id
    """,
)
