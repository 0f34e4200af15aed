"""Placing an order: the cart becomes it, once; stock is held and a payment asked for."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.analytics.names import EventName
from shop.analytics.queries import last_touch
from shop.analytics.services import customer, record
from shop.customers.errors import AddressMissingError
from shop.customers.models import Address, User
from shop.customers.queries import own_address
from shop.foundation.money import total
from shop.foundation.postgres.inserts import insert_rows
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.inventory.services import reserve_stock
from shop.orders.errors import (
    CartChangedError,
    CartEmptyError,
    CartMissingError,
    NotForSaleError,
)
from shop.orders.models import Cart, CartLine, Order, OrderLine, OrderTransition
from shop.orders.notes import read_notes
from shop.orders.numbers import new_order_number
from shop.orders.queries import PURPOSE
from shop.orders.services.amounts import payable_part
from shop.orders.services.paying import order_details, pay_order
from shop.orders.services.vouchers import use_voucher, voucher_worth
from shop.payments.services.charges import request_payment
from shop.payments.services.credit import hold_credit

__all__ = ["PURPOSE", "place_order"]


_CART = PreparedQuery(
    lambda: Cart.objects.select_for_update().filter(pk=Slot("cart"), user_id=Slot("user"))
)
_LINES = PreparedQuery(
    lambda: (
        CartLine.objects.filter(cart_id=Slot("cart"))
        .select_related("variant__frame")
        .defer("variant__frame__description", "variant__frame__listing", "variant__frame__search")
    )
)


@transaction.atomic
def place_order(
    *,
    user: User,
    cart_id: uuid.UUID,
    address_id: int,
    expected_total: Money | None = None,
    use_credit: Money | None = None,
) -> Order:
    """Turn a cart into an order that waits for its payment. A second call returns the first order.

    Args:
        user: the customer.
        cart_id: her cart.
        address_id: one of her addresses.
        expected_total: what she was shown; prices may have changed since.
        use_credit: how much of her credit she means to use at most. A card is asked for the rest,
            and where there is none the order is paid.

    Raises:
        CartMissingError, CartEmptyError: there is nothing of hers to order.
        CartChangedError: the total is another one now.
        NotForSaleError: a frame was taken off sale meanwhile.
        AddressMissingError: not an address of hers.
        OutOfStockError: too few are left; nothing was reserved.
        CreditShortError: her credit is less than she means to use.
    """
    cart = _CART.first(cart=cart_id, user=user.pk)
    if cart is None:
        raise CartMissingError(_("This cart has been ordered or is gone. Start a new one."))
    if cart.ordered_at is not None:
        # A double click, or a second tab: the order is there already.
        return Order.objects.get(cart=cart)
    lines = _LINES.rows(cart=cart.pk)
    read_notes(lines)
    amount = _checked_total(lines, expected_total)
    address = own_address(user, address_id)
    if address is None:
        raise AddressMissingError(_("Choose an address, or write a new one."))
    order = _write_order(user, cart, address, lines, amount)
    reserve_stock(
        quantities={line.variant_id: line.quantity for line in lines},
        reference=f"order:{order.number}",
    )
    _take_off(order, use_credit)
    record(
        EventName.ORDER_PLACED,
        key=f"order_placed:{order.pk}",
        subject=("order", order.pk),
        person=customer(user),
        channel=order.channel,
        link=order.link,
        caused_by=order.caused_by,
        amount=order.total,
        details=order_details(order, [line.origin for line in lines]),
    )
    if order.to_pay.amount:
        request_payment(user=user, purpose=PURPOSE, reference=order.number, amount=order.to_pay)
    else:
        pay_order(order, at=order.placed_at)
    return order


def _take_off(order: Order, use_credit: Money | None) -> None:
    """Let gift and credit go towards a new order; the voucher and the credit are locked last."""
    voucher = use_voucher(user=order.user, total=order.total)
    if voucher is not None:
        discount = payable_part(order.total, voucher_worth(voucher, order.total))
        if discount.amount:
            order.discount_amount = discount.amount
            voucher.order = order
            voucher.save(update_fields=["order"])
    if use_credit is not None and use_credit.amount > 0:
        credit = payable_part(order.to_pay, use_credit)
        if credit.amount:
            hold_credit(user=order.user, amount=credit, order_number=order.number)
            order.credit_amount = credit.amount
    if order.discount_amount or order.credit_amount:
        order.save(update_fields=["discount_amount", "credit_amount"])


def _checked_total(lines: list[CartLine], expected_total: Money | None) -> Money:
    if not lines:
        raise CartEmptyError(_("Your cart is empty."))
    gone = [
        str(line.variant)
        for line in lines
        if not (line.variant.active and line.variant.frame.published)
    ]
    if gone:
        raise NotForSaleError(
            _("Not sold any more: %(names)s. Take it out to go on.") % {"names": ", ".join(gone)}
        )
    amount = total([line.variant.price * line.quantity for line in lines])
    if expected_total is not None and amount != expected_total:
        raise CartChangedError(
            _("The total is now %(total)s. Please look at your cart once more.") % {"total": amount}
        )
    return amount


def _write_order(
    user: User, cart: Cart, address: Address, lines: list[CartLine], amount: Money
) -> Order:
    now = timezone.now()
    touch = last_touch(user_id=user.pk, before=now)
    order = Order(
        number=new_order_number(),
        user=user,
        cart=cart,
        address=address,
        total=amount,
        placed_at=now,
        channel=touch.channel if touch else "",
        link=touch.link if touch else "",
        caused_by=touch.event_id if touch else None,
    )
    sold = [
        OrderLine(
            order=order,
            variant=line.variant,
            name=str(line.variant),
            quantity=line.quantity,
            unit_price=line.variant.price,
            origin=line.origin,
            note=line.note,
        )
        for line in lines
    ]
    placed = OrderTransition(
        subject=order, from_state="", to_state=order.state, actor=user, reason=""
    )
    insert_rows([order])
    insert_rows(sold)
    insert_rows([placed])
    cart.ordered_at = now
    cart.save(update_fields=["ordered_at"])
    return order
