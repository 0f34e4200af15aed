"""What must always be true of orders."""

from shop.foundation.invariants import invariant

invariant(
    2,
    "An order's paid amount equals its ledger's",
    """
    SELECT o.number, o.state, o.total, coalesce(sum(e.amount), 0) AS booked
    FROM shop_order o
    LEFT JOIN shop_ledgerentry e ON e.order_number = o.number AND e.account = 'stripe'
        AND e.transaction_id IN (SELECT id FROM shop_ledgertransaction WHERE kind = 'payment')
    GROUP BY o.number, o.state, o.total
    HAVING o.state IN ('paid', 'fulfilled', 'completed') AND o.total <> coalesce(sum(e.amount), 0)
        OR o.state = 'pending_payment' AND coalesce(sum(e.amount), 0) <> 0
    """,
)
invariant(
    2,
    "An order's total is the sum of its lines",
    """
    SELECT o.number, o.total, coalesce(sum(l.unit_price * l.quantity), 0) AS lines
    FROM shop_order o LEFT JOIN shop_orderline l ON l.order_id = o.id
    GROUP BY o.number, o.total
    HAVING o.total <> coalesce(sum(l.unit_price * l.quantity), 0)
    """,
)
invariant(
    3,
    "An order holds its pieces until they are sent or it is cancelled",
    """
    SELECT o.number, o.state, l.variant_id, l.quantity,
        r.quantity AS reserved, r.state AS reservation
    FROM shop_order o
    JOIN shop_orderline l ON l.order_id = o.id
    LEFT JOIN shop_stockrecord s ON s.variant_id = l.variant_id
    LEFT JOIN shop_stockreservation r
        ON r.stock_id = s.id AND r.reference = 'order:' || o.number
    WHERE r.quantity IS DISTINCT FROM l.quantity
        OR r.state <> CASE
            WHEN o.state IN ('pending_payment', 'paid') THEN 'active'
            WHEN o.state = 'cancelled' THEN 'released'
            ELSE 'consumed'
        END
    """,
)
invariant(
    9,
    "Every paid order is one event of its amount, and nothing else is",
    """
    SELECT o.number, o.total, e.id AS event, e.amount
    FROM (SELECT * FROM shop_order WHERE paid_at IS NOT NULL) o
    FULL JOIN (SELECT * FROM shop_event WHERE name = 'order_paid') e
        ON e.subject_type = 'order' AND e.subject_id = o.id::text
    WHERE o.id IS NULL OR e.id IS NULL
        OR e.amount <> o.total OR e.amount_currency <> o.total_currency
        OR e.person_id <> o.user_id::text
    """,
)
