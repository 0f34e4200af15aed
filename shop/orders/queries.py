"""Reading carts and orders."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy
from djmoney.money import Money

from shop.catalogue.queries import image_urls
from shop.customers.models import User
from shop.customers.queries import people_called
from shop.foundation.money import total
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.orders.models import Cart, CartLine, Order, OrderLine
from shop.orders.notes import read_notes
from shop.orders.numbers import PREFIX
from shop.orders.states import OrderState
from shop.payments.models import Payment, Refund

# What payments of orders are for.
PURPOSE = "order"
# How far an order that is to be sent is packed.
PACKING = {
    "to_pack": gettext_lazy("To pack"),
    "begun": gettext_lazy("Packing begun"),
    "packed": gettext_lazy("Packed"),
}
# Whoever searches for more people than these types more of the name.
MOST_PEOPLE = 200


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


def order_scanned(scanned: str) -> Order | None:
    """Return the order whose number was scanned or typed; nothing where it is none."""
    code = "".join(scanned.split()).upper()
    if not code.startswith(PREFIX):
        return None
    return Order.objects.select_related("user", "address").filter(number=code).first()


def lines_to_pack(order: Order) -> list[OrderLine]:
    """Return an order's lines with what is scanned of them: SKU and barcode of the variant."""
    return list(order.lines.select_related("variant__frame"))


def same_code(scanned: str, code: str) -> bool:
    """Tell whether a scan means a code; scanners and hands differ in case, blanks and dashes."""
    meant = _letters_and_digits(code)
    return bool(meant) and _letters_and_digits(scanned) == meant


def _letters_and_digits(code: str) -> str:
    return "".join(each for each in code.upper() if each.isalnum())


def orders_matching(
    *, state: str = "", words: str = "", packing: str = "", country: str = ""
) -> QuerySet[Order]:
    """Return the orders of a list, with their customers.

    Args:
        state: of ``OrderState``; what waits to be sent comes the oldest first, all else the newest.
        words: a number, or the beginnings of a customer's name or email address.
        packing: of those to be sent, what is ``to_pack``, ``begun`` or ``packed``.
        country: of the address, ISO 3166-1 alpha-2.
    """
    orders = Order.objects.select_related("user")
    if state in OrderState.values:
        orders = orders.filter(state=state)
    if packing in PACKING:
        lines = OrderLine.objects.filter(order=OuterRef("pk"))
        scanned, left = Exists(lines.filter(packed__gt=0)), lines.filter(packed__lt=F("quantity"))
        stages = {"to_pack": ~scanned, "begun": scanned & Exists(left), "packed": ~Exists(left)}
        orders = orders.filter(stages[packing], state=OrderState.PAID)
    if country:
        orders = orders.filter(address__country=country.upper())
    if words:
        called = people_called(words)[:MOST_PEOPLE].values_list("pk", flat=True)
        orders = orders.filter(Q(number=words.upper()) | Q(user__in=list(called)))
    if state == OrderState.PAID:
        return orders.order_by("placed_at", "pk")
    return orders.order_by("-placed_at", "-pk")


def countries_to_send() -> list[str]:
    """Return the countries that orders to be sent go to."""
    found = orders_to_send().order_by("address__country").values_list("address__country", flat=True)
    return list(found.distinct())


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
