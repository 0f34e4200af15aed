"""What an order is paid with, and what happens once it is: by card, by credit, or both."""

from datetime import datetime

from django.urls import reverse

from shop.analytics.names import EventName
from shop.analytics.services import customer, record
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.mail import queue_mail
from shop.foundation.outbox import publish
from shop.orders.models import Order, OrderLine, OrderTransition, Voucher
from shop.orders.states import MOVES, OrderState
from shop.payments.services.credit import grant_reward, spend_held_credit


def move_order(
    order: Order, to_state: str, *, by: User | None, reason: str = "", **fields: object
) -> None:
    """Move an order that the caller holds locked, with its history row."""
    move(
        order,
        to_state,
        moves=MOVES,
        history=OrderTransition,
        by=by,
        reason=reason,
        fields=fields,
    )


def pay_order(order: Order, *, at: datetime | None) -> None:
    """Move a locked order to paid, with all that follows; in the caller's transaction.

    Args:
        order: with user and address.
        at: when the last of the money came.
    """
    move_order(order, OrderState.PAID, by=None, paid_at=at)
    lines = list(order.lines.all())
    paid_event = record(
        EventName.ORDER_PAID,
        key=f"order_paid:{order.pk}",
        subject=("order", order.pk),
        person=customer(order.user),
        channel=order.channel,
        link=order.link,
        caused_by=order.caused_by,
        amount=order.total,
        details=order_details(order, [line.origin for line in lines]),
    )
    publish("orders.paid", {"order": str(order.pk)})
    if order.discount_amount:
        voucher = Voucher.objects.get(order=order)
        grant_reward(
            user=order.user,
            amount=order.discount,
            reference=voucher_reference(voucher, order),
            subject=("order", order.pk),
            caused_by=paid_event,
            details={"number": order.number, "granted_for": voucher.reference},
            order_number=order.number,
        )
    if order.credit_amount:
        spend_held_credit(
            user=order.user,
            amount=order.credit_used,
            order_number=order.number,
            order_id=order.pk,
        )
    queue_mail(
        to=order.user.email,
        template="order_paid",
        context=mail_context(order, lines),
        language=order.user.language,
    )


def voucher_reference(voucher: Voucher, order: Order) -> str:
    """Return what a gift is booked under; a voucher freed by a cancellation is booked anew."""
    return f"{voucher.reference}:{order.number}"


def mail_context(order: Order, lines: list[OrderLine]) -> dict[str, object]:
    """Return what every mail about an order wants to know."""
    return {
        "order": order,
        "lines": lines,
        "name": order.user.name,
        "path": reverse("orders:order", args=[order.number]),
    }


def order_details(order: Order, origins: list[str]) -> dict[str, str]:
    """Return what the figures want to know of an order beside its amount.

    Args:
        order: the order.
        origins: of its lines; the first that names a gallery counts, else a trial.

    Returns:
        ``number``, ``gallery`` and ``trial``, the latter two empty if unknown.
    """
    gallery = trial = ""
    for origin in sorted(filter(None, origins)):
        kind, _colon, rest = origin.partition(":")
        if kind == "gallery":
            gallery, _colon, trial = rest.partition(":")
            break
        trial = rest
    return {"number": order.number, "gallery": gallery, "trial": trial}
