"""Reading carts and orders."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from djmoney.money import Money

from shop.catalogue.queries import image_urls
from shop.customers.models import User
from shop.foundation.money import total
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.orders.models import Cart, CartLine, Order
from shop.orders.notes import read_notes
from shop.orders.states import OrderState
from shop.payments.models import Payment, Refund

# What payments of orders are for.
PURPOSE = "order"


@dataclass(frozen=True)
class Line:
    """A line of a cart as it is shown.

    Attributes:
        line: the row, with its variant and frame.
        image_url: the variant's first picture, empty if it has none.
        amount: price times quantity.
        free: how many of it can be sold.
    """

    line: CartLine
    image_url: str
    amount: Money
    free: int


_SHOWN_LINES = PreparedQuery(
    lambda: (
        CartLine.objects.filter(cart_id=Slot("cart"))
        .select_related("variant__frame", "variant__stock")
        .defer("variant__frame__description", "variant__frame__listing", "variant__frame__search")
    )
)


def open_cart(*, user: User | None, cart_id: uuid.UUID | None) -> Cart | None:
    """Return the cart somebody is filling, if she has begun one."""
    carts = Cart.objects.filter(ordered_at__isnull=True)
    if user is not None:
        return carts.filter(user=user).first()
    return carts.filter(pk=cart_id, user__isnull=True).first() if cart_id else None


def cart_lines(cart: Cart | None) -> list[Line]:
    """Return what a cart holds, with today's prices, in three queries.

    Each gallery that lines come from is asked anew for what its friends say.
    """
    if cart is None:
        return []
    lines = _SHOWN_LINES.rows(cart=cart.pk)
    read_notes(lines)
    urls = image_urls([line.variant_id for line in lines])
    return [
        Line(
            line,
            urls.get(line.variant_id, ""),
            line.variant.price * line.quantity,
            line.variant.stock.free if hasattr(line.variant, "stock") else 0,
        )
        for line in lines
    ]


def cart_total(lines: list[Line]) -> Money:
    """Return the sum of what a cart holds."""
    return total([line.amount for line in lines])


def cart_count(*, user: User | None, cart_id: uuid.UUID | None) -> int:
    """Return how many lines the open cart has."""
    lines = CartLine.objects.filter(cart__ordered_at__isnull=True)
    if user is not None:
        return lines.filter(cart__user=user).count()
    return lines.filter(cart_id=cart_id, cart__user__isnull=True).count() if cart_id else 0


def orders_of(user: User) -> QuerySet[Order]:
    """Return a customer's orders, the newest first."""
    return Order.objects.filter(user=user).order_by("-placed_at").prefetch_related("lines")


def orders_to_send() -> QuerySet[Order]:
    """Return the orders that are paid and have not left yet."""
    return Order.objects.filter(state=OrderState.PAID)


def kept_orders(*, at_least: Any) -> QuerySet[Order]:
    """Return paid orders of which something was kept, each with ``kept``, read by ``kept_of``.

    Kept is its total less what went back; money on its way back counts as gone already.

    Args:
        at_least: how much must have been kept, a number or an expression.
    """
    refunded = Payment.objects.filter(
        purpose=PURPOSE, reference=OuterRef("number"), state=Payment.State.SUCCEEDED
    ).values("refunded")
    orders = Order.objects.filter(
        state__in=(OrderState.PAID, OrderState.FULFILLED, OrderState.COMPLETED)
    ).annotate(
        kept=F("total")
        - F("credit_refunded_amount")
        - Coalesce(Subquery(refunded), Decimal(0), output_field=DecimalField())
    )
    return orders.filter(kept__gt=0, kept__gte=at_least)


def orders_given_back() -> QuerySet[Any]:
    """Return the keys of paid orders of which something went back, or that were cancelled since.

    Only of these less can be kept than was once; each part is read from an index of its own.
    """
    to_cards = Payment.objects.filter(purpose=PURPOSE, refunded__gt=0).values("reference")
    otherwise = Q(state=OrderState.CANCELLED) | Q(credit_refunded_amount__gt=0)
    by_card = Order.objects.filter(number__in=to_cards).order_by().values("pk")
    others = Order.objects.filter(otherwise, paid_at__isnull=False).order_by().values("pk")
    return by_card.union(others)


def orders_refunded(*, since: datetime) -> QuerySet[Any]:
    """Return the keys of orders of whose payment some was asked back since a moment."""
    asked = Refund.objects.filter(created_at__gt=since, payment__purpose=PURPOSE)
    return Order.objects.filter(number__in=asked.values("payment__reference")).values("pk")


def kept_of(order: Order) -> Decimal:
    """Return what was kept of one of ``kept_orders``."""
    kept: Decimal = order.kept  # type: ignore[attr-defined]
    return kept
