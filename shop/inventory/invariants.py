"""What must always be true of stock."""

from shop.foundation.invariants import invariant

invariant(
    3,
    "Nothing is reserved beyond what is on hand",
    """
    SELECT id AS stock_record, on_hand, reserved FROM shop_stockrecord
    WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand
    """,
)
invariant(
    3,
    "What is reserved equals the active reservations",
    """
    SELECT s.id AS stock_record, s.reserved, coalesce(sum(r.quantity), 0) AS active
    FROM shop_stockrecord s
    LEFT JOIN shop_stockreservation r ON r.stock_id = s.id AND r.state = 'active'
    GROUP BY s.id, s.reserved
    HAVING s.reserved <> coalesce(sum(r.quantity), 0)
    """,
)
