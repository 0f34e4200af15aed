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
        OR (gallery.state = 'open') <> (gallery.closed_at IS NULL)
        OR gallery.state = 'open' AND gallery.closed_because <> ''
    """,
)
invariant(
    6,
    "A gallery shows the frames of its own trial, and one without a trial those of none",
    """
    SELECT gallery.id AS gallery, item.id AS item
    FROM sharing_gallery gallery
    JOIN sharing_galleryitem item ON item.gallery_id = gallery.id
    LEFT JOIN trials_trial trial ON trial.id = gallery.trial_id
    LEFT JOIN trials_trialitem trial_item ON trial_item.id = item.trial_item_id
    WHERE trial_item.trial_id IS DISTINCT FROM trial.id
        OR trial_item.variant_id <> item.variant_id
        OR trial.user_id <> gallery.owner_id
    """,
)
invariant(
    6,
    "A close friend's link lets in no more people than it may",
    """
    SELECT link.id AS link, link.admits, count(admission.id) AS let_in
    FROM sharing_sharelink link
    JOIN sharing_linkadmission admission ON admission.link_id = link.id
    GROUP BY link.id
    HAVING link.admits IS NULL OR count(admission.id) > link.admits
    """,
)
