"""What must always be true of votes."""

from shop.foundation.invariants import invariant

invariant(
    6,
    "A voter has one vote, on the gallery her link opened",
    """
    SELECT voter.id AS voter, count(vote.id) AS votes
    FROM sharing_voter voter
    JOIN sharing_sharelink link ON link.id = voter.link_id
    LEFT JOIN sharing_vote vote ON vote.voter_id = voter.id
    GROUP BY voter.id, link.gallery_id
    HAVING count(vote.id) <> 1
        OR bool_or(vote.gallery_id <> voter.gallery_id)
        OR voter.gallery_id <> link.gallery_id
    """,
)
invariant(
    6,
    "No vote was cast or changed while its gallery was closed",
    """
    SELECT vote.id AS vote, vote.cast_at, vote.changed_at, latest.at AS closed_at
    FROM sharing_vote vote
    JOIN LATERAL (
        SELECT move.to_state, move.at
        FROM sharing_gallerytransition move
        WHERE move.subject_id = vote.gallery_id
            AND move.at <= coalesce(vote.changed_at, vote.cast_at)
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE latest.to_state <> 'open'
    """,
)
invariant(
    6,
    "No owner votes on her own gallery",
    """
    SELECT voter.id AS voter, gallery.id AS gallery
    FROM sharing_voter voter
    JOIN sharing_gallery gallery ON gallery.id = voter.gallery_id
    WHERE voter.user_id = gallery.owner_id
    """,
)
invariant(
    6,
    "A vote names frames of its own gallery only",
    """
    SELECT vote.id AS vote, item.id AS item
    FROM sharing_vote vote
    JOIN LATERAL (
        SELECT vote.favourite_id AS id WHERE vote.favourite_id IS NOT NULL
        UNION
        SELECT reaction.item_id FROM sharing_reaction reaction WHERE reaction.vote_id = vote.id
    ) named ON true
    JOIN sharing_galleryitem item ON item.id = named.id
    WHERE item.gallery_id <> vote.gallery_id
    """,
)
invariant(
    9,
    "Every vote is one event on its gallery, and nothing else is",
    """
    SELECT vote.id AS vote, vote.gallery_id AS gallery, event.id AS event
    FROM sharing_vote vote
    FULL JOIN (SELECT * FROM shop_event WHERE name = 'vote_cast') event
        ON event.details->>'vote' = vote.id::text
    WHERE vote.id IS NULL OR event.id IS NULL OR event.subject_id <> vote.gallery_id::text
    """,
)
invariant(
    6,
    "A vote counts or does not as the last word in its book says",
    """
    SELECT vote.id AS vote, vote.excluded_because, latest.to_state
    FROM sharing_vote vote
    LEFT JOIN LATERAL (
        SELECT step.to_state FROM sharing_votetransition step
        WHERE step.subject_id = vote.id ORDER BY step.id DESC LIMIT 1
    ) latest ON true
    WHERE coalesce(latest.to_state, 'counted') <> CASE
        WHEN vote.excluded_because = '' THEN 'counted' ELSE vote.excluded_because END
        -- Left out before there was a book.
        AND (latest.to_state IS NOT NULL OR vote.cast_at > (
            SELECT min(applied) FROM django_migrations
            WHERE app = 'sharing' AND name = '0008_votes'
        ))
    """,
)
invariant(
    6,
    "Nobody blocked is counted",
    """
    SELECT vote.id AS vote FROM sharing_vote vote
    JOIN sharing_voter voter ON voter.id = vote.voter_id
    WHERE voter.blocked_at IS NOT NULL AND vote.counted
    """,
)
invariant(
    9,
    "The events' last word on a vote is whether it counts",
    """
    SELECT vote.id AS vote, vote.counted, latest.name
    FROM sharing_vote vote
    JOIN LATERAL (
        SELECT event.name, event.details FROM shop_event event
        WHERE event.name IN ('vote_cast', 'vote_excluded', 'vote_restored')
            AND event.subject_id = vote.gallery_id::text
            AND event.details->>'vote' = vote.id::text
        ORDER BY event.occurred_at DESC, event.name <> 'vote_cast' DESC LIMIT 1
    ) latest ON true
    WHERE vote.counted <> CASE latest.name
        WHEN 'vote_cast' THEN coalesce((latest.details->>'counted')::boolean, true)
        ELSE latest.name = 'vote_restored' END
    """,
)
