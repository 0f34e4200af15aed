"""What must always be true of circles."""

from shop.foundation.invariants import invariant

invariant(
    6,
    "A circle has one owner and at most fifty people",
    """
    SELECT circle.id AS circle,
        count(*) FILTER (WHERE member.state = 'owner') AS owners, count(member.id) AS people
    FROM sharing_circle circle
    LEFT JOIN sharing_membership member
        ON member.circle_id = circle.id AND member.state <> 'left'
    GROUP BY circle.id
    HAVING count(*) FILTER (WHERE member.state = 'owner') <> 1 OR count(member.id) > 50
    """,
)
invariant(
    6,
    "What somebody is in a circle equals her latest move",
    """
    SELECT member.id AS membership, member.state, latest.to_state AS latest_move
    FROM sharing_membership member
    LEFT JOIN LATERAL (
        SELECT move.to_state
        FROM sharing_membershiptransition move
        WHERE move.subject_id = member.id
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE member.state IS DISTINCT FROM latest.to_state
    """,
)
