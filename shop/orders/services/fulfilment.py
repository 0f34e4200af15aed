"""What becomes of an order once it is placed: paid, sent, completed, cancelled."""

import re
import uuid
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.analytics.names import EventName
from shop.analytics.services import customer, record, staff
from shop.customers.models import User
from shop.foundation.history import latest_move, told
from shop.foundation.locks import lock_row
from shop.foundation.mail import queue_mail
from shop.foundation.outbox import publish
from shop.foundation.plain_text import one_line
from shop.inventory.services import consume_stock, release_stock
from shop.orders.errors import (
    OrderChangedError,
    OrderNotPackedError,
    OrderNotSentError,
    RefundForbiddenError,
    TrackingInvalidError,
)
from shop.orders.models import Order, OrderLine, OrderTransition
from shop.orders.services.checkout import PURPOSE
from shop.orders.services.paying import mail_context, move_order, pay_order
from shop.orders.services.refunding import credit_left, give_back_credit, take_back_gift
from shop.orders.services.vouchers import free_voucher
from shop.orders.states import OrderState
from shop.payments.models import Payment
from shop.payments.queries import payment_for
from shop.payments.services.credit import release_credit
from shop.payments.services.refunds import request_refund

PAY_WITHIN = timedelta(hours=24)
# Carriers write letters and digits, some with dashes; the shortest have eight.
PARCEL_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{6,38}[A-Z0-9]")


def mark_order_paid(payment: Payment) -> None:
    """Move the order a payment was for to paid; called in the settling transaction.

    An order cancelled before the money came is refunded in full.
    """
    order = lock_row(Order, payment.reference, by="number", related=("user", "address"))
    if order.state == OrderState.CANCELLED:
        request_refund(
            payment_id=payment.pk,
            amount=payment.amount,
            by=None,
            reason=gettext_noop("The order had been cancelled before it was paid."),
        )
        return
    pay_order(order, at=payment.settled_at)


def order_path(payment: Payment) -> str:
    """Return where the order is looked at that a payment is for."""
    return reverse("orders:order", args=[payment.reference])


def order_words(payment: Payment) -> str:
    """Return what a payment for an order is for, in words."""
    return _("Order %(number)s") % {"number": payment.reference}


@transaction.atomic
def fulfil_order(
    *, order_id: uuid.UUID, by: User, carrier: str = "", tracking_number: str = ""
) -> None:
    """Note that a paid order was sent: its pieces leave the shelf, its customer reads with what.

    Args:
        order_id: which order.
        by: who of staff sent it.
        carrier: who took it, in words; empty where that is not known.
        tracking_number: of its parcel; empty where it has none.

    Raises:
        IllegalMoveError: it is not paid, or was sent before.
        OrderNotPackedError: it was begun to be scanned, and is not complete.
        TrackingInvalidError: that is no parcel's number.
    """
    number, carrier = parcel_number(tracking_number), one_line(carrier)
    order = lock_row(Order, order_id)
    lines = list(order.lines.all())
    if order.state == OrderState.PAID:
        _check_packed(order, lines)
    move_order(order, OrderState.FULFILLED, by=by, carrier=carrier, tracking_number=number)
    consume_stock(reference=f"order:{order.number}")
    queue_mail(
        to=order.user.email,
        template="order_sent",
        context=mail_context(order, lines),
        language=order.user.language,
    )


@transaction.atomic
def correct_parcel(*, order_id: uuid.UUID, carrier: str, tracking_number: str) -> None:
    """Put right what was scanned or typed of a parcel that is on its way.

    Args:
        order_id: which order.
        carrier: who took it, in words; empty where that is not known.
        tracking_number: of its parcel; empty where it has none.

    Raises:
        OrderNotSentError: the order has not left, or has arrived.
        TrackingInvalidError: that is no parcel's number.
    """
    number, carrier = parcel_number(tracking_number), one_line(carrier)
    order = lock_row(Order, order_id)
    if order.state != OrderState.FULFILLED:
        raise OrderNotSentError(
            _("Order %(number)s is “%(state)s”; no parcel of it is on its way.")
            % {"number": order.number, "state": order.get_state_display()},
            state=order.state,
        )
    order.carrier, order.tracking_number = carrier, number
    order.save(update_fields=["carrier", "tracking_number"])


def _check_packed(order: Order, lines: list[OrderLine]) -> None:
    done, pieces = sum(each.packed for each in lines), sum(each.quantity for each in lines)
    if 0 < done < pieces:
        raise OrderNotPackedError(
            _(
                "Of order %(number)s %(done)s of %(pieces)s pieces are scanned."
                " Scan the rest, or begin its packing anew."
            )
            % {"number": order.number, "done": done, "pieces": pieces},
            packed=done,
            pieces=pieces,
        )


def parcel_number(scanned: str) -> str:
    """Return a parcel's number as it is stored; empty where none was given.

    Raises:
        TrackingInvalidError: it has other signs than letters, digits and dashes, or too few.
    """
    number = "".join(scanned.split()).upper()
    if number and not PARCEL_NUMBER.fullmatch(number):
        raise TrackingInvalidError(
            _("“%(number)s” is no parcel’s number. Scan the barcode of the carrier’s label.")
            % {"number": scanned[:40]}
        )
    return number


@transaction.atomic
def complete_order(*, order_id: uuid.UUID, by: User | None) -> None:
    """Note that an order arrived and is over.

    Raises:
        IllegalMoveError: it was not sent.
    """
    move_order(lock_row(Order, order_id), OrderState.COMPLETED, by=by)


@transaction.atomic
def cancel_order(*, order_id: uuid.UUID, by: User | None, reason: str, seen: str = "") -> None:
    """Cancel an order that was not sent: its stock is free again, its money goes back.

    Args:
        order_id: which.
        by: who cancels it; the shop itself if nobody.
        reason: kept with the order.
        seen: the state that whoever cancels it saw it in; whatever it is in, if empty.

    Raises:
        OrderChangedError: it is in another state than was seen, such as paid meanwhile.
        IllegalMoveError: it was sent, or cancelled before.
        RefundForbiddenError: it is paid, and whoever cancels it may not give money back.
        CardNumberError: the reason holds a card number.
    """
    reason = one_line(reason)
    order = lock_row(Order, order_id)
    _check_seen(order, seen, by)
    was_paid = order.state == OrderState.PAID
    if was_paid and by is not None and not by.has_perm("shop.refund_payment"):
        raise RefundForbiddenError(_("This order is paid: ask a manager to cancel it."))
    move_order(order, OrderState.CANCELLED, by=by, reason=reason)
    release_stock(reference=f"order:{order.number}")
    record(
        EventName.ORDER_CANCELLED,
        key=f"order_cancelled:{order.pk}",
        subject=("order", order.pk),
        person=staff(by) if by and by.is_staff else customer(order.user),
        amount=order.total,
        details={"number": order.number},
    )
    free_voucher(order=order)
    if was_paid:
        take_back_gift(order)
        give_back_credit(order, credit_left(order), by=by, reason=reason)
    elif order.credit_amount:
        release_credit(user=order.user, amount=order.credit_used, order_number=order.number)
    payment = payment_for(purpose=PURPOSE, reference=order.number)
    if payment is not None and not was_paid:
        # Should it be paid after all, mark_order_paid gives the money back.
        publish("payments.cancel", {"payment_id": str(payment.pk)})
    elif payment is not None:
        # Not here: a refund locks the payment, and payments are locked before orders.
        publish(
            "orders.refund_cancelled",
            {"payment_id": str(payment.pk), "by": by.pk if by else None, "reason": reason},
        )


def _check_seen(order: Order, seen: str, by: User | None) -> None:
    if seen in ("", order.state):
        return
    latest = latest_move(OrderTransition, order)
    words = _("Nothing was done: this order is “%(now)s” by now.") % {
        "now": order.get_state_display()
    }
    if latest is not None:
        words = _(
            "Nothing was done: %(who)s made this order “%(now)s” (%(when)s) after you looked."
        ) % told(latest, order, zone=getattr(by, "zone", None))
    raise OrderChangedError(words, state=order.state)


def expire_unpaid(*, limit: int = 100) -> int:
    """Cancel orders nobody paid within ``PAY_WITHIN``, so that their stock is free again.

    Returns:
        How many were cancelled.
    """
    late = Order.objects.filter(
        state=OrderState.PENDING_PAYMENT, placed_at__lt=timezone.now() - PAY_WITHIN
    ).order_by("placed_at")
    cancelled = 0
    for order_id in list(late.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            order = lock_row(Order, order_id)
            if order.state != OrderState.PENDING_PAYMENT:
                continue
            cancel_order(order_id=order_id, by=None, reason=gettext_noop("Not paid within a day"))
            cancelled += 1
    return cancelled
