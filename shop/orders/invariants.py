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
    "An order holds stock until it is sent or cancelled",
    """
    SELECT o.number, o.state, r.state AS reservation
    FROM shop_order o JOIN shop_stockreservation r ON r.reference = 'order:' || o.number
    WHERE (o.state IN ('pending_payment', 'paid')) <> (r.state = 'active')
    """,
)
