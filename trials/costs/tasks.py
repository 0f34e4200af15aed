"""Jobs of the room."""

import uuid
from typing import Any

from django.db import transaction

from shop.foundation.outbox import handles
from trials.costs.services import book_goods


@handles("orders.paid", name="costs.book_goods")
def book_goods_of(payload: dict[str, Any]) -> None:
    """Book what the frames of a paid order cost; again, nothing is booked."""
    with transaction.atomic():
        book_goods(order_id=uuid.UUID(payload["order"]))
