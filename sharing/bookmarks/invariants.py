"""What must always be true of bookmarks, on which it rests who sees them."""

from shop.foundation.invariants import invariant

invariant(
    6,
    "What is saved for a circle of friends is of somebody who is in it",
    """
    SELECT bookmark.id AS bookmark, bookmark.circle_id AS circle, bookmark.owner_id AS owner
    FROM sharing_bookmark bookmark
    JOIN sharing_circle circle ON circle.id = bookmark.circle_id AND circle.kind = 'customers'
    WHERE NOT EXISTS (
        SELECT 1 FROM sharing_membership member
        WHERE member.circle_id = circle.id AND member.user_id = bookmark.owner_id
            AND member.state <> 'left'
    )
    """,
)
invariant(
    6,
    "What was noted at work stands in a circle of colleagues, and nothing else does",
    """
    SELECT bookmark.id AS bookmark, bookmark.of_staff, circle.kind
    FROM sharing_bookmark bookmark
    LEFT JOIN sharing_circle circle ON circle.id = bookmark.circle_id
    WHERE bookmark.of_staff <> (circle.kind IS NOT DISTINCT FROM 'staff')
    """,
)
