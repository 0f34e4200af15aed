"""What must always be true of swaps."""

from shop.foundation.invariants import invariant

invariant(
    4,
    "A frame that was swapped is the one it was last swapped for, at that price",
    """
    SELECT item.id, item.variant_id, latest.variant_after_id
    FROM trials_trialitem item
    JOIN LATERAL (
        SELECT swap.variant_after_id, swap.price_after, swap.price_after_currency
        FROM trials_frameswap swap
        WHERE swap.item_id = item.id
        ORDER BY swap.at DESC, swap.id DESC
        LIMIT 1
    ) latest ON true
    WHERE item.variant_id <> latest.variant_after_id
        OR (item.price, item.price_currency)
            IS DISTINCT FROM (latest.price_after, latest.price_after_currency)
    """,
)
