"""What must always be true of holds."""

from shop.foundation.invariants import invariant

invariant(
    1,
    "No hold is captured above its authorisation, and for payments that come to that amount",
    """
    SELECT hold.id, hold.amount, hold.captured, paid.amount AS paid
    FROM shop_hold hold
    LEFT JOIN LATERAL (
        SELECT sum(payment.amount) AS amount, bool_and(payment.state = 'succeeded') AS all_paid,
            bool_or(payment.id = hold.payment_id) AS is_one
        FROM shop_payment payment
        WHERE payment.stripe_payment_intent_id = hold.stripe_payment_intent_id
    ) paid ON true
    WHERE hold.captured > hold.amount
        OR (hold.state IN ('capturing', 'captured') AND (
            paid.amount IS DISTINCT FROM hold.captured OR paid.is_one IS NOT TRUE))
        OR (hold.state = 'captured' AND paid.all_paid IS NOT TRUE)
    """,
)
invariant(
    1,
    "Nothing is held twice for one thing but while one hold takes the place of another",
    """
    SELECT purpose, reference, count(*) AS standing FROM shop_hold
    WHERE state = 'authorised' GROUP BY purpose, reference HAVING count(*) > 1
    """,
)
