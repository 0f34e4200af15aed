"""Giving back what an order was paid with: the card's part first, then credit as credit."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.analytics.names import EventName
from shop.analytics.services import record, staff
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.mail import queue_mail
from shop.foundation.plain_text import one_line
from shop.orders.errors import RefundChangedError, RefundForbiddenError
from shop.orders.models import Order
from shop.orders.services.checkout import PURPOSE
from shop.orders.services.paying import mail_context
from shop.orders.states import OrderState
from shop.payments.errors import RefundRefusedError
from shop.payments.models import LedgerTransaction, Payment, Refund
from shop.payments.queries import payment_for
from shop.payments.services.credit import REWARD, refund_credit, reverse_reward
from shop.payments.services.refunds import check_refundable, request_refund

KEPT = (OrderState.PAID, OrderState.FULFILLED, OrderState.COMPLETED)


def given_back(order: Order, payment: Payment | None) -> Money:
    """Return what of an order went back already, to the card and into credit."""
    credit = Money(order.credit_refunded_amount, order.total.currency)
    return credit + payment.refunded if payment else credit


def refundable(order: Order, payment: Payment | None) -> Money:
    """Return what of an order can still be given back."""
    if order.state not in KEPT:
        return Money(0, order.total.currency)
    paid = order.credit_used + payment.amount if payment else order.credit_used
    return paid - given_back(order, payment)


def credit_left(order: Order) -> Money:
    """Return what of the credit that was used for an order has not gone back."""
    return order.credit_used - Money(order.credit_refunded_amount, order.total.currency)


@dataclass(frozen=True)
class OrderMoney:
    """What became of the money of an order.

    Attributes:
        given_back: what went back, to the card and into credit.
        refundable: what can still be given back.
        refunds: those of the card's part, with who asked for them, the oldest first.
    """

    given_back: Money
    refundable: Money
    refunds: Sequence[Refund]


def money_of(order: Order) -> OrderMoney:
    """Return what of an order went back and what may, in two queries."""
    payment = payment_for(purpose=PURPOSE, reference=order.number)
    refunds = payment.refunds.select_related("requested_by") if payment else Refund.objects.none()
    return OrderMoney(
        given_back=given_back(order, payment),
        refundable=refundable(order, payment),
        refunds=list(refunds.order_by("created_at", "pk")),
    )


@transaction.atomic
def refund_order(
    *, order_id: uuid.UUID, amount: Money | None, seen: Money, by: User, reason: str
) -> None:
    """Give back part of what a customer paid for an order, or all of it.

    Her card gets its part back first; only what exceeds it goes back into her credit. What a
    welcome gift took off was never hers to get back: it is taken back once all else is.

    Args:
        order_id: a paid order.
        amount: above zero, at most what she paid and did not get back; nothing for all of that.
        seen: what had been given back as the page said, so that two do not decide at once.
        by: who decides, with leave to give money back.
        reason: kept for the books.

    Raises:
        RefundForbiddenError: she may not give money back.
        RefundChangedError: something was given back meanwhile.
        RefundRefusedError: the order is not paid, is cancelled, less is left, or it was paid in
            another currency.
        CardNumberError: the reason holds a card number.
    """
    reason = one_line(reason)
    refuse_card_numbers(reason)
    if not by.has_perm("shop.refund_payment"):
        raise RefundForbiddenError(_("Ask a manager to give this money back."))
    number = Order.objects.values_list("number", flat=True).get(pk=order_id)
    found = payment_for(purpose=PURPOSE, reference=number)
    payment = lock_row(Payment, found.pk) if found else None
    order = lock_row(Order, order_id)
    if order.state == OrderState.CANCELLED:
        raise RefundRefusedError(
            _("This order is cancelled: what was paid for it goes back by that.")
        )
    if order.state not in KEPT:
        raise RefundRefusedError(_("This was not paid, so nothing can be given back."))
    if {seen.currency, (seen if amount is None else amount).currency} != {order.total.currency}:
        raise RefundRefusedError(_("A refund is in the currency that was paid in."))
    if seen != given_back(order, payment):
        raise RefundChangedError(
            _("Something was given back meanwhile. Look at the order once more.")
        )
    nothing, left = Money(0, order.total.currency), refundable(order, payment)
    amount = left if amount is None else amount
    card_left = payment.amount - payment.refunded if payment else nothing
    check_refundable(amount, left)
    by_card = min(amount, card_left)
    if payment and by_card > nothing:
        request_refund(payment_id=payment.pk, amount=by_card, by=by, reason=reason)
    give_back_credit(order, amount - by_card, by=by, reason=reason)
    if amount == left:
        take_back_gift(order)


def give_back_credit(order: Order, amount: Money, *, by: User | None, reason: str) -> None:
    """Give credit of a paid order back, the order being locked; nothing where the amount is zero.

    Args:
        order: locked by the caller.
        amount: zero, or at most what is left of the credit used.
        by: who decided; nobody where the shop did.
        reason: as it is kept with the order.
    """
    if amount.amount <= 0:
        return
    before = order.credit_refunded_amount
    reference = f"{order.number}:{before.normalize():f}"
    refund_credit(user=order.user, amount=amount, order_number=order.number, reference=reference)
    order.credit_refunded_amount = before + amount.amount
    order.save(update_fields=["credit_refunded_amount"])
    _tell(order, amount, key=f"credit:{reference}", by=by, reason=reason, to_credit=True)


def take_back_gift(order: Order) -> None:
    """Take back, beside its grant, what a welcome gift took off an order that is undone."""
    granted = LedgerTransaction.objects.filter(
        kind=REWARD, entries__order_number=order.number
    ).distinct()
    for each in granted:
        reverse_reward(reference=each.reference, caused_by=None, details={"number": order.number})


@transaction.atomic
def refund_cancelled(*, payment_id: uuid.UUID, by: User | None, reason: str) -> None:
    """Give back what is left of a cancelled order's payment; repeated, nothing happens."""
    payment = lock_row(Payment, payment_id)
    left = payment.amount - payment.refunded
    if left.amount > 0:
        request_refund(payment_id=payment_id, amount=left, by=by, reason=reason)


def note_refund(refund: Refund) -> None:
    """Write down that money of an order went back; called in the settling transaction."""
    order = Order.objects.select_related("user", "address").get(number=refund.payment.reference)
    _tell(order, refund.amount, key=str(refund.pk), by=refund.requested_by, reason=refund.reason)


def _tell(
    order: Order,
    amount: Money,
    *,
    key: str,
    by: User | None,
    reason: str,
    to_credit: bool = False,
) -> None:
    record(
        EventName.ORDER_REFUNDED,
        key=f"order_refunded:{key}",
        subject=("order", order.pk),
        person=staff(by),
        channel=order.channel,
        link=order.link,
        caused_by=order.caused_by,
        amount=amount,
        details={"number": order.number, "reason": reason},
    )
    queue_mail(
        to=order.user.email,
        template="order_refunded",
        context={
            **mail_context(order, list(order.lines.all())),
            "amount": amount,
            "to_credit": to_credit,
        },
        language=order.user.language,
    )
