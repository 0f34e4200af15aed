"""The order in which a friend sees the frames.

What stands first is picked more often, so each friend gets an order of her own; it is drawn from
her browser's token, so it stays the same without being stored before she votes.
"""

import hashlib
import uuid


def order_for(person_id: uuid.UUID, item_ids: list[int]) -> list[int]:
    """Return ``item_ids`` shuffled for one person, the same way each time.

    Args:
        person_id: from ``galleries.tokens.browser_person``.
        item_ids: in the gallery's order.
    """
    return sorted(
        item_ids, key=lambda item: hashlib.sha256(f"{person_id}:{item}".encode()).digest()
    )
