"""Something off a first order: granted by a higher floor, used by placing an order, once."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils import timezone
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.money import quantize
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.orders.models import Order, Voucher
from shop.orders.services.amounts import payable_part
from shop.orders.states import OrderState


def grant_voucher(
    *,
    user: User,
    reference: str,
    amount: Money,
    percent: int | None = None,
    minimum: Money,
    valid_until: datetime,
) -> Voucher:
    """Grant a customer something off her first order; the same reference again is the first one.

    Args:
        user: who gets it.
        reference: what for; the reward is booked under it once the order is paid.
        amount: what is taken off, or the most of it where a percentage is.
        percent: of the order's total; nothing for the amount itself.
        minimum: the least total it is for.
        valid_until: an order placed later goes without.
    """
    voucher, _new = Voucher.objects.get_or_create(
        reference=reference,
        defaults={
            "user": user,
            "amount": amount,
            "percent": percent,
            "minimum": minimum,
            "valid_until": valid_until,
        },
    )
    return voucher


def withdraw_voucher(*, reference: str) -> bool:
    """Take a voucher back, in the caller's transaction.

    Returns:
        Whether it is gone; false where an order holds it already, which keeps it.
    """
    found = Voucher.objects.filter(reference=reference).first()
    if found is None:
        return True
    voucher = lock_row(Voucher, found.pk)
    if voucher.order_id is not None:
        return False
    if voucher.withdrawn_at is None:
        voucher.withdrawn_at = timezone.now()
        voucher.save(update_fields=["withdrawn_at"])
    return True


def usable_vouchers(user: User, total: Money) -> list[Voucher]:
    """Return what would be taken off an order of this total placed now; the oldest first."""
    waiting = _WAITING.rows(user=user.pk, now=timezone.now(), currency=str(total.currency))
    return [each for each in waiting if each.minimum <= total]


def _waiting() -> QuerySet[Voucher]:
    paid = Order.objects.filter(user_id=Slot("user"), paid_at__isnull=False)
    paid = paid.exclude(state=OrderState.CANCELLED)
    return Voucher.objects.filter(
        ~Exists(paid),
        user_id=Slot("user"),
        order__isnull=True,
        withdrawn_at__isnull=True,
        valid_until__gt=Slot("now"),
        amount_currency=Slot("currency"),
    ).order_by("granted_at", "pk")


_WAITING = PreparedQuery(_waiting)


def waiting_gift(user: User) -> Voucher | None:
    """Return the gift that waits for a customer's first order, however much that comes to."""
    currency = settings.DEFAULT_CURRENCY
    return _WAITING.first(user=user.pk, now=timezone.now(), currency=currency)


def voucher_worth(voucher: Voucher, total: Money) -> Money:
    """Return what a voucher takes off a total: never more than the total."""
    worth: Money = voucher.amount
    if voucher.percent is not None:
        worth = min(worth, quantize(total * voucher.percent / 100))
    return min(worth, total)


def gift_for(user: User, total: Money) -> Money:
    """Return what a welcome gift would take off an order of this total placed now."""
    worth = [voucher_worth(each, total) for each in usable_vouchers(user, total)[:1]]
    return payable_part(total, worth[0]) if worth else Money(0, total.currency)


def use_voucher(*, user: User, total: Money) -> Voucher | None:
    """Lock the voucher that an order being placed will use, in the caller's transaction."""
    for found in usable_vouchers(user, total)[:1]:
        voucher = lock_row(Voucher, found.pk)
        if voucher.order_id is None and voucher.withdrawn_at is None:
            return voucher
    return None


@transaction.atomic
def free_voucher(*, order: Order) -> None:
    """Let the customer of a cancelled order use its voucher on another one."""
    found = Voucher.objects.filter(order=order).first()
    if found is not None:
        voucher = lock_row(Voucher, found.pk)
        voucher.order = None
        voucher.save(update_fields=["order"])
