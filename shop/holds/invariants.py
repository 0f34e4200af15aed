"""What must always be true of holds."""

from shop.foundation.invariants import invariant

invariant(
    1,
    "No hold is captured above its authorisation, and each for one payment of that amount",
    """
    SELECT hold.id, hold.amount, hold.captured, payment.amount AS paid
    FROM shop_hold hold LEFT JOIN shop_payment payment ON payment.id = hold.payment_id
    WHERE hold.captured > hold.amount
        OR (hold.state IN ('capturing', 'captured') AND (
            payment.amount IS DISTINCT FROM hold.captured
            OR payment.stripe_payment_intent_id
                IS DISTINCT FROM hold.stripe_payment_intent_id))
        OR (hold.state = 'captured' AND payment.state <> 'succeeded')
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
