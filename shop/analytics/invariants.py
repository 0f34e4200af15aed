"""What must always be true of events, on which every figure rests.

There is no rollup: figures are counted from the events when they are asked for. What could be wrong
is that an event is not what happened, so each room that records facts states that they agree.
"""

from shop.foundation.invariants import invariant

invariant(
    9,
    "Every event was recorded once, under its key",
    """
    SELECT event.id AS event, event.name, count(key.key) AS keys
    FROM shop_event event
    LEFT JOIN shop_eventkey key
        ON key.event_id = event.id AND key.occurred_at = event.occurred_at
    GROUP BY event.id, event.name
    HAVING count(key.key) <> 1
    """,
)
