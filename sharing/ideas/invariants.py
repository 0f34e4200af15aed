"""What must always be true of ideas and votes for them."""

from shop.foundation.invariants import invariant

invariant(
    6,
    "An idea's state equals its latest move",
    """
    SELECT idea.id AS idea, idea.state, latest.to_state AS latest_move
    FROM sharing_idea idea
    LEFT JOIN LATERAL (
        SELECT move.to_state
        FROM sharing_ideatransition move
        WHERE move.subject_id = idea.id
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE idea.state IS DISTINCT FROM latest.to_state
    """,
)
invariant(
    7,
    "An idea counts the votes it has, none of them its proposer's, and none once merged",
    """
    SELECT idea.id AS idea, idea.votes_count, cast_.votes, cast_.own
    FROM sharing_idea idea
    LEFT JOIN LATERAL (
        SELECT count(*) AS votes, count(*) FILTER (WHERE vote.user_id = idea.author_id) AS own
        FROM sharing_ideavote vote
        WHERE vote.idea_id = idea.id
    ) cast_ ON true
    WHERE idea.votes_count <> cast_.votes OR cast_.own > 0
        OR (idea.state = 'merged' AND cast_.votes > 0)
    """,
)
