"""Jobs of orders: what a payment for one does, and giving up unpaid ones."""

import uuid
from typing import Any

from celery import shared_task

from shop.customers.models import User
from shop.foundation.outbox import handles, news
from shop.orders.services.checkout import PURPOSE
from shop.orders.services.fulfilment import (
    expire_unpaid,
    mark_order_paid,
    order_path,
    order_words,
)
from shop.orders.services.refunding import note_refund, refund_cancelled
from shop.payments.models import LedgerEntry
from shop.payments.purposes import register_purpose

register_purpose(
    PURPOSE,
    account=LedgerEntry.Account.SALES,
    on_succeeded=mark_order_paid,
    on_refunded=note_refund,
    page=order_path,
    words=order_words,
)
news("orders.paid")


@handles("orders.refund_cancelled", name="orders.refund_cancelled")
def on_refund_cancelled(payload: dict[str, Any]) -> None:
    """Give back what was paid for a cancelled order."""
    refund_cancelled(
        payment_id=uuid.UUID(payload["payment_id"]),
        by=User.objects.filter(pk=payload["by"]).first(),
        reason=payload["reason"],
    )


@shared_task(name="shop.orders.expire_unpaid")
def expire_unpaid_orders() -> None:
    """Cancel orders nobody paid."""
    expire_unpaid()
