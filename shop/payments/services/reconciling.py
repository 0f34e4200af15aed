"""The sweep: what no page, webhook or worker told of is asked for at Stripe, never charged anew."""

from datetime import datetime, timedelta

import stripe
import structlog
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from shop.payments import gateway
from shop.payments.models import Payment, Refund
from shop.payments.services.cards import stripe_customer
from shop.payments.services.charges import (
    SETTLED,
    charge_off_session,
    refresh_payment,
    settle_payment,
)
from shop.payments.services.refunds import carry_out_refund

logger = structlog.get_logger(__name__)

# Stripe forgets idempotency keys after 24 hours; later an unknown outcome is looked up instead.
KEY_LIVES = timedelta(hours=23)
# So long after somebody last set about paying it a payment is looked up.
LOOKED_UP_FOR = timedelta(days=30)
# It is looked up again when a tenth of the time that it had waited at the last look has passed: a
# minute old each minute, a day old ten times a day, and never more seldom than daily.
WAITS_MORE_BY = 10
LONGEST_WAIT = timedelta(days=1)


def reconcile_payments(*, older_than: timedelta = timedelta(minutes=2), limit: int = 100) -> int:
    """Look up at Stripe whatever should have been settled; the sweep calls it.

    Args:
        older_than: payments younger than that are left to their webhooks.
        limit: how many at a time; first those that were never looked up, or not for longest. One
            that is unsettled for long is looked up the more seldom, unless somebody tries again.

    Returns:
        How many were looked at.

    Raises:
        StripeUnreachableError: the rest waits for the next sweep.
    """
    now = timezone.now()
    waiting = _due(now).filter(created_at__lt=now - older_than)
    ordered = waiting.order_by(F("checked_at").asc(nulls_first=True), "created_at")
    ids = list(ordered.values_list("pk", flat=True)[:limit])
    for payment_id in ids:
        # Noted first: one that cannot be settled must not stand in the way of all others.
        Payment.objects.filter(pk=payment_id).update(checked_at=now)
        try:
            _look_up(Payment.objects.select_related("user").get(pk=payment_id), now)
        except (stripe.StripeError, ValueError):
            logger.exception("payment_not_reconciled", payment=str(payment_id))
    return len(ids)


def _due(now: datetime) -> QuerySet[Payment]:
    known_there = Q(stripe_payment_intent_id__isnull=False) | Q(off_session=True)
    unsettled = Payment.objects.exclude(state__in=SETTLED).filter(known_there)
    waited = ExpressionWrapper(
        (F("checked_at") - F("since")) / Value(WAITS_MORE_BY), output_field=DurationField()
    )
    waits = Least(waited, Value(LONGEST_WAIT), output_field=DurationField())
    # PostgreSQL passes over what is not there.
    unsettled = unsettled.annotate(since=Greatest("created_at", "tried_at")).annotate(
        next_at=ExpressionWrapper(F("checked_at") + waits, output_field=DateTimeField())
    )
    # Tried since the last look, it has waited less than nothing, and is due.
    due = Q(checked_at=None) | Q(next_at__lte=now)
    return unsettled.filter(due, since__gt=now - LOOKED_UP_FOR)


def _look_up(payment: Payment, now: datetime) -> None:
    if payment.stripe_payment_intent_id:
        refresh_payment(payment_id=payment.pk)
        return
    if payment.created_at < now - KEY_LIVES:
        intent = gateway.find_payment_intent(
            payment_id=payment.pk,
            customer=stripe_customer(payment.user),
            since=payment.created_at,
        )
        if intent is not None:
            settle_payment(payment_id=payment.pk, intent=intent)
            return
    charge_off_session(payment_id=payment.pk)


def reconcile_refunds(*, older_than: timedelta = timedelta(minutes=2), limit: int = 100) -> int:
    """Look up at Stripe the refunds that were pending when last heard of.

    Args:
        older_than: refunds younger than that are left to their webhooks.
        limit: how many at a time, the oldest first.

    Returns:
        How many were looked at.
    """
    pending = Refund.objects.filter(
        state=Refund.State.REQUESTED,
        stripe_refund_id__isnull=False,
        created_at__lt=timezone.now() - older_than,
    )
    ids = list(pending.order_by("created_at").values_list("pk", flat=True)[:limit])
    for refund_id in ids:
        carry_out_refund(refund_id=refund_id)
    return len(ids)
