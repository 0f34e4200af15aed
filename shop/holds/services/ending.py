"""Ending holds: released, or taken for a payment that is owed, or lapsed."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.money import to_minor, total
from shop.foundation.outbox import publish
from shop.holds import gateway
from shop.holds.models import Hold
from shop.holds.purposes import purpose_of
from shop.holds.services.asking import begin_release
from shop.payments.models import Payment
from shop.payments.purposes import purpose_of as payment_purpose
from shop.payments.services.charges import request_payment, settle_payment

logger = structlog.get_logger(__name__)
State = Hold.State
# A hold that ends sooner is not relied on: the card is asked instead.
SURE = timedelta(hours=1)


def release_holds(*, purpose: str, reference: str) -> int:
    """Free what is held for a thing, in the caller's transaction; what is asked for still follows.

    One that is asked for is locked, too: the answer is being taken over just now, or it comes after
    the caller's commit and finds that nothing is needed any more.

    Args:
        purpose: a registered one.
        reference: what it was for.

    Returns:
        How many are freed now.
    """
    standing = Hold.objects.filter(
        purpose=purpose, reference=reference, state__in=(State.CREATED, State.AUTHORISED)
    ).values_list("pk", flat=True)
    locked = lock_rows(Hold, list(standing))
    holds = [hold for hold in locked if hold.state == State.AUTHORISED]
    for hold in holds:
        begin_release(hold)
    return len(holds)


def carry_out_release(*, hold_id: uuid.UUID) -> None:
    """Have Stripe free a hold; may be repeated."""
    hold = Hold.objects.get(pk=hold_id)
    if hold.state == State.RELEASING:
        held = gateway.release_hold(str(hold.stripe_payment_intent_id))
        if held.intent.status != "canceled":
            raise ValueError(f"hold {hold_id} was freed and is {held.intent.status}")
        Hold.objects.filter(pk=hold_id, state=State.RELEASING).update(
            state=State.RELEASED, settled_at=timezone.now()
        )


def take_from_hold(payments: Sequence[Payment], *, purpose: str, reference: str) -> list[Payment]:
    """Pay what is owed from what is held instead of asking the card, in the caller's transaction.

    A hold can be captured once, and what is left of it is freed: so it is captured for all of them
    together, as far as it reaches; whatever is owed later is asked of the card
    (https://docs.stripe.com/payments/place-a-hold-on-a-payment-method; several captures of one
    intent are for accounts with IC+ pricing only, https://docs.stripe.com/payments/multicapture).
    A worker does it after the commit.

    Args:
        payments: written just now, in one currency, and not asked of a card.
        purpose: of the hold.
        reference: of the hold.

    Returns:
        Those it pays, whole: of all that fit together, the most; nothing where nothing is held,
        less than any of them, or not for long enough.
    """
    standing = Hold.objects.filter(
        purpose=purpose,
        reference=reference,
        state=State.AUTHORISED,
        capture_before__gt=timezone.now() + SURE,
    )
    for hold in lock_rows(Hold, list(standing.values_list("pk", flat=True))):
        paid = _most_of(payments, hold.amount)
        if hold.state != State.AUTHORISED or not paid:
            continue
        hold.state, hold.payment = State.CAPTURING, paid[0]
        hold.captured = total([each.amount for each in paid])
        hold.save(update_fields=["state", "captured", "payment"])
        for payment in paid:
            # Whoever looks a payment up finds the hold, and asks no card besides.
            payment.stripe_payment_intent_id = hold.stripe_payment_intent_id
            payment.shares_intent = len(paid) > 1
            payment.save(update_fields=["stripe_payment_intent_id", "shares_intent"])
        publish("holds.capture", {"hold_id": str(hold.pk)})
        return paid
    return []


def _most_of(payments: Sequence[Payment], held: Money) -> list[Payment]:
    """Return the payments that together use the most of an amount, and no more."""
    fitting = [
        each
        for each in payments
        if each.amount.currency == held.currency and each.amount.amount <= held.amount
    ]
    # For each sum within reach the payments that make it: sums are few where boxes are small.
    reached: dict[Decimal, list[Payment]] = {Decimal(0): []}
    for payment in fitting:
        for amount, chosen in list(reached.items()):
            sum_of = amount + payment.amount.amount
            if sum_of <= held.amount:
                reached.setdefault(sum_of, [*chosen, payment])
    return reached[max(reached)]


def carry_out_capture(*, hold_id: uuid.UUID) -> None:
    """Have Stripe take what a hold is to pay; may be repeated. The card is asked if it lapsed."""
    hold = Hold.objects.get(pk=hold_id)
    if hold.state != State.CAPTURING:
        return
    held = gateway.capture_hold(
        str(hold.stripe_payment_intent_id), hold_id=hold.pk, amount=to_minor(hold.captured)
    )
    if held.intent.status == "succeeded":
        # Each by itself: what one settles is locked further down than the next one's charge.
        for payment_id in _paid_by(hold).values_list("pk", flat=True):
            settle_payment(payment_id=payment_id, intent=held.intent)
        Hold.objects.filter(pk=hold_id, state=State.CAPTURING).update(
            state=State.CAPTURED, settled_at=timezone.now()
        )
        return
    logger.warning("hold_lapsed_before_it_was_taken", hold=str(hold_id))
    _ask_card_instead(hold_id=hold_id)


def _paid_by(hold: Hold) -> QuerySet[Payment]:
    paid = Payment.objects.filter(stripe_payment_intent_id=hold.stripe_payment_intent_id)
    return paid.order_by("pk")


@transaction.atomic
def _ask_card_instead(*, hold_id: uuid.UUID) -> None:
    paid = _paid_by(Hold.objects.get(pk=hold_id))
    payments = lock_rows(Payment, list(paid.values_list("pk", flat=True)))
    hold = lock_row(Hold, hold_id)
    if hold.state != State.CAPTURING:
        return
    hold.state, hold.settled_at = State.LAPSED, timezone.now()
    hold.payment, hold.captured = None, hold.captured * 0
    hold.save(update_fields=["state", "settled_at", "payment", "captured"])
    for payment in payments:
        if payment.state == Payment.State.CANCELED:
            # By the bank with what was held; or because it was let go meanwhile.
            if not payment_purpose(payment).is_owed(payment):
                continue
            request_payment(
                user=payment.user,
                purpose=payment.purpose,
                reference=payment.reference,
                amount=payment.amount,
                card=payment.card,
                off_session=True,
            )
            continue
        payment.stripe_payment_intent_id, payment.shares_intent = None, False
        payment.save(update_fields=["stripe_payment_intent_id", "shares_intent"])
        publish("payments.charge", {"payment_id": str(payment.pk)})


def look_up_lapsed(*, hold_id: uuid.UUID) -> None:
    """Ask Stripe about a hold whose time is over and nobody took or released; may be repeated."""
    hold = Hold.objects.get(pk=hold_id)
    if hold.state != State.AUTHORISED:
        return
    held = gateway.retrieve_hold(str(hold.stripe_payment_intent_id))
    if held.intent.status != "canceled":
        return
    with transaction.atomic():
        hold = lock_row(Hold, hold_id, related=("card", "user"))
        if hold.state != State.AUTHORISED:
            return
        hold.state, hold.settled_at = State.LAPSED, timezone.now()
        hold.save(update_fields=["state", "settled_at"])
        if purpose_of(hold).is_needed(hold):
            purpose_of(hold).on_lapsed(hold)
