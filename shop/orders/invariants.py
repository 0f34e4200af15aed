"""What must always be true of orders."""

from shop.foundation.invariants import invariant

invariant(
    2,
    "An order's paid amount equals its ledger's",
    """
    SELECT o.number, o.state, o.total, coalesce(sum(e.amount), 0) AS booked
    FROM shop_order o
    LEFT JOIN shop_ledgerentry e ON e.order_number = o.number
        AND e.account IN ('stripe', 'receivable', 'rewards')
        AND e.transaction_id IN (
            SELECT id FROM shop_ledgertransaction
            WHERE kind IN ('payment', 'credit_payment', 'reward')
        )
    GROUP BY o.number, o.state, o.total
    HAVING o.state IN ('paid', 'fulfilled', 'completed') AND o.total <> coalesce(sum(e.amount), 0)
        OR o.state = 'pending_payment' AND coalesce(sum(e.amount), 0) <> 0
    """,
)
invariant(
    2,
    "Credit is held for an order until it is paid or cancelled, and gift and credit are booked",
    """
    SELECT o.number, o.state, o.credit_amount, o.discount_amount,
        coalesce(booked.held, 0) AS held, coalesce(booked.spent, 0) AS spent,
        coalesce(booked.gift, 0) AS gift, coalesce(booked.back, 0) AS back
    FROM shop_order o
    LEFT JOIN (
        SELECT e.order_number,
            sum(e.amount) FILTER (WHERE e.account = 'receivable') AS held,
            sum(e.amount) FILTER (WHERE t.kind = 'credit_payment' AND e.amount > 0) AS spent,
            sum(e.amount) FILTER (WHERE t.kind = 'reward' AND e.account = 'rewards') AS gift,
            sum(e.amount) FILTER (WHERE t.kind = 'credit_refund' AND e.amount > 0) AS back
        FROM shop_ledgerentry e JOIN shop_ledgertransaction t ON t.id = e.transaction_id
        WHERE e.order_number <> '' GROUP BY e.order_number
    ) booked ON booked.order_number = o.number
    WHERE coalesce(booked.held, 0) <> CASE
            WHEN o.state = 'pending_payment' THEN -o.credit_amount ELSE 0
        END
        OR coalesce(booked.back, 0) <> o.credit_refunded_amount
        OR o.paid_at IS NOT NULL AND coalesce(booked.spent, 0) <> o.credit_amount
        OR o.paid_at IS NOT NULL AND coalesce(booked.gift, 0) <> o.discount_amount
        OR o.paid_at IS NULL AND coalesce(booked.spent, 0) + coalesce(booked.gift, 0) <> 0
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
