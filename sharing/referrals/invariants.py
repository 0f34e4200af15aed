"""What must always be true of referrals and of what they earn."""

from shop.foundation.invariants import invariant

invariant(
    7,
    "Nobody refers herself, by account or by vote",
    """
    SELECT referral.id AS referral
    FROM sharing_referral referral
    LEFT JOIN sharing_voter voter ON voter.id = referral.voter_id
    WHERE referral.friend_id = referral.advocate_id OR voter.user_id = referral.advocate_id
    """,
)
invariant(
    7,
    "A friend is referred once, and has joined exactly where one is named",
    """
    SELECT referral.friend_id AS friend, count(*) AS referrals
    FROM sharing_referral referral
    WHERE referral.friend_id IS NOT NULL OR referral.state NOT IN ('invited', 'clicked')
    GROUP BY referral.friend_id
    HAVING count(*) > 1
        OR referral.friend_id IS NULL
        OR bool_or(referral.state IN ('invited', 'clicked'))
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
# Ledger references of referrals are "referral:<id>:advocate" and "referral:<id>:friend:<order>".
REWARDS = """
SELECT split_part(t.reference, ':', 2)::uuid AS referral_id,
    split_part(t.reference, ':', 3) AS side,
    t.kind, e.user_id, e.amount, e.order_number
FROM shop_ledgertransaction t JOIN shop_ledgerentry e ON e.transaction_id = t.id
WHERE t.kind IN ('reward', 'reward_reversed') AND t.reference LIKE 'referral:%'
    AND e.account = 'rewards'
"""
invariant(
    7,
    "No reward without a settled order, and none for oneself",
    """
    SELECT reward.referral_id AS referral, reward.side, reward.user_id
    FROM (REWARDS) reward
    LEFT JOIN sharing_referral r ON r.id = reward.referral_id
    LEFT JOIN shop_order o ON CASE reward.side
        WHEN 'advocate' THEN o.id = r.order_id ELSE o.number = reward.order_number END
    WHERE reward.kind = 'reward'
        AND (r.id IS NULL OR o.paid_at IS NULL OR o.user_id <> r.friend_id
            OR r.advocate_id = r.friend_id
            OR reward.user_id <> CASE reward.side
                WHEN 'advocate' THEN r.advocate_id ELSE r.friend_id END)
    """.replace("REWARDS", REWARDS),
)
invariant(
    7,
    "A friend earns each side one reward at most, less what was taken back",
    """
    SELECT reward.referral_id AS referral, reward.side, sum(reward.amount) AS amount
    FROM (REWARDS) reward
    JOIN sharing_referralterms terms ON terms.referral_id = reward.referral_id
    GROUP BY reward.referral_id, reward.side, terms.advocate_amount, terms.friend_amount
    HAVING sum(reward.amount) < 0 OR sum(reward.amount) > CASE reward.side
        WHEN 'advocate' THEN terms.advocate_amount ELSE terms.friend_amount END
    """.replace("REWARDS", REWARDS),
)
invariant(
    7,
    "An advocate's reward stands exactly where her referral is rewarded",
    """
    SELECT r.id AS referral, r.state, coalesce(booked.amount, 0) AS booked, terms.granted
    FROM sharing_referral r
    LEFT JOIN sharing_referralterms terms ON terms.referral_id = r.id
    LEFT JOIN (
        SELECT referral_id, sum(amount) AS amount FROM (REWARDS) reward
        WHERE side = 'advocate' GROUP BY referral_id
    ) booked ON booked.referral_id = r.id
    WHERE coalesce(booked.amount, 0) <> CASE
            WHEN r.state = 'rewarded' THEN coalesce(terms.granted, 0) ELSE 0
        END
        OR r.state = 'rewarded' AND coalesce(terms.granted, 0) <= 0 AND NOT EXISTS (
            SELECT FROM trials_extensiongift gift
            WHERE gift.key = 'referral:' || r.id || ':advocate' AND gift.withdrawn_at IS NULL
        )
    """.replace("REWARDS", REWARDS),
)
invariant(
    7,
    "What a campaign promised is the sum of its referrals' terms, within its budget",
    """
    SELECT campaign.id AS campaign, campaign.promised, campaign.budget,
        coalesce(sum(terms.promised), 0) AS terms
    FROM sharing_campaign campaign
    LEFT JOIN sharing_referralterms terms ON terms.campaign_id = campaign.id
    GROUP BY campaign.id, campaign.promised, campaign.budget
    HAVING campaign.promised <> coalesce(sum(terms.promised), 0)
        OR campaign.promised > campaign.budget
    """,
)
invariant(
    7,
    "A referral's state equals its latest move",
    """
    SELECT r.id AS referral, r.state, latest.to_state
    FROM sharing_referral r
    LEFT JOIN LATERAL (
        SELECT to_state FROM sharing_referraltransition t
        WHERE t.subject_id = r.id ORDER BY t.at DESC, t.id DESC LIMIT 1
    ) latest ON true
    WHERE latest.to_state IS DISTINCT FROM r.state
    """,
)
