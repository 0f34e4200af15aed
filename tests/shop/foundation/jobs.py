"""Work for the worker of the tests: counts on a shelf, and can be held in the middle."""

from typing import Any

from django.db import transaction
from django.db.models import F

from shop.foundation.locks import lock_name
from shop.foundation.outbox import handles
from shop.inventory.models import StockRecord

TOPIC = "tests.count"
GATE = "tests.gate"


@handles(TOPIC, name="tests.count")
def count(payload: dict[str, Any]) -> None:
    """Count one more, and stand at the gate before it is committed."""
    with transaction.atomic():
        StockRecord.objects.filter(pk=payload["stock"]).update(on_hand=F("on_hand") + 1)
        lock_name(GATE)
