"""What must always be true of referrals. Rewards come with their ledger."""

from shop.foundation.invariants import invariant

invariant(
    7,
    "Nobody refers herself, by account or by vote",
    """
    SELECT referral.id AS referral
    FROM sharing_referral referral
    JOIN sharing_voter voter ON voter.id = referral.voter_id
    WHERE referral.friend_id = referral.advocate_id OR voter.user_id = referral.advocate_id
    """,
)
invariant(
    7,
    "A friend is referred once, and has joined exactly where one is named",
    """
    SELECT referral.friend_id AS friend, count(*) AS referrals
    FROM sharing_referral referral
    WHERE referral.friend_id IS NOT NULL OR referral.state <> 'clicked'
    GROUP BY referral.friend_id
    HAVING count(*) > 1
        OR referral.friend_id IS NULL
        OR bool_or(referral.state = 'clicked')
    """,
)
invariant(
    7,
    "A referral's advocate owns the gallery that her friend voted on",
    """
    SELECT referral.id AS referral
    FROM sharing_referral referral
    JOIN sharing_voter voter ON voter.id = referral.voter_id
    JOIN sharing_sharelink link ON link.id = referral.link_id
    JOIN sharing_gallery gallery ON gallery.id = link.gallery_id
    WHERE gallery.owner_id <> referral.advocate_id OR voter.gallery_id <> gallery.id
    """,
)
