"""Carts go; orders stay, for as long as invoices must, with the address they were sent to."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.closing import blank_addresses
from shop.customers.models import User
from shop.customers.personal_data import ADDRESS
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from shop.orders.models import Cart, Order
from shop.orders.states import OrderState

UNFINISHED = (OrderState.PENDING_PAYMENT, OrderState.PAID)


def export_orders(user: Any) -> list[dict[str, Any]]:
    """Return her orders with their lines and where they went, oldest first."""
    orders = Order.objects.filter(user=user).select_related("address").order_by("placed_at")
    return [
        {
            "number": order.number,
            "state": order.state,
            "placed_at": order.placed_at,
            "paid_at": order.paid_at,
            "total": str(order.total),
            "came_by": order.channel,
            "carrier": order.carrier,
            "tracking_number": order.tracking_number,
            "address": {name: getattr(order.address, name) for name in ADDRESS},
            "lines": [
                {
                    "name": line.name,
                    "quantity": line.quantity,
                    "unit_price": str(line.unit_price),
                    "note": line.note_words,
                }
                for line in order.lines.all()
            ],
        }
        for order in orders.prefetch_related("lines")
    ]


def invoices_since(now: datetime) -> datetime:
    """Return from when on invoices must still be there.

    Books are kept ``INVOICE_YEARS`` whole years from the end of the one they are of (in Germany
    section 147 of the Abgabenordnung).
    """
    year = now.year - settings.INVOICE_YEARS
    return datetime(year, 1, 1, tzinfo=now.tzinfo)


def erase_orders(user: Any) -> int:
    """Delete her open cart, and empty the addresses that no invoice needs. Bears repeating."""
    carts = Cart.objects.filter(user=user, ordered_at=None).delete()[0]
    since = invoices_since(timezone.now())
    needed = Order.objects.filter(user=user, paid_at__gte=since).values_list("address", flat=True)
    return carts + blank_addresses(user_id=user.pk, except_ids=needed)


def order_under_way(user: User) -> str:
    """Return why an account must wait: something she bought is not paid or not sent."""
    if Order.objects.filter(user=user, state__in=UNFINISHED).exists():
        return _("An order of yours is not paid or not sent yet.")
    return ""


register_personal_data(
    "shop.orders",
    holds={"shop.Cart": ["user"]},
    export=export_orders,
    erase={Scope.ACCOUNT: erase_orders},
    obstacle=order_under_way,
)
keep_personal_data(
    "shop.Order",
    "user",
    why="Invoices are kept by law, with the address the order was sent to; then that goes, too.",
)
keep_personal_data(
    "shop.Voucher", "user", why="What an invoice was less by; the number has no name."
)
not_personal("shop.Voucher", "reference", why="The number of what it was granted for.")
not_personal(
    "shop.Order", "number", "channel", "link", "carrier", "tracking_number", why="Made by the shop."
)
not_personal("shop.OrderLine", why="What was sold, in the catalogue's words.")
not_personal("shop.CartLine", "origin", "note", why="Where a wish came from, by ids.")
