"""Ending holds: released, or taken for a payment that is owed, or lapsed."""

import uuid
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.money import to_minor
from shop.foundation.outbox import publish
from shop.holds import gateway
from shop.holds.models import Hold
from shop.holds.purposes import purpose_of
from shop.holds.services.asking import begin_release
from shop.payments.models import Payment
from shop.payments.services.charges import request_payment, settle_payment

logger = structlog.get_logger(__name__)
State = Hold.State
# A hold that ends sooner is not relied on: the card is asked instead.
SURE = timedelta(hours=1)


def release_holds(*, purpose: str, reference: str) -> int:
    """Free what is held for a thing, in the caller's transaction; what is asked for still follows.

    Args:
        purpose: a registered one.
        reference: what it was for.

    Returns:
        How many are freed now.
    """
    standing = Hold.objects.filter(
        purpose=purpose, reference=reference, state=State.AUTHORISED
    ).values_list("pk", flat=True)
    holds = lock_rows(Hold, list(standing))
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


def take_from_hold(payment: Payment, *, purpose: str, reference: str) -> bool:
    """Pay something from what is held instead of asking the card, in the caller's transaction.

    A hold is taken from once; what is left of it is freed. A worker does it after the commit.

    Args:
        payment: written just now and not asked of a card.
        purpose: of the hold.
        reference: of the hold.

    Returns:
        Whether it is taken; false where nothing is held, less, or not for long enough.
    """
    standing = Hold.objects.filter(
        purpose=purpose,
        reference=reference,
        state=State.AUTHORISED,
        amount__gte=payment.amount,
        amount_currency=str(payment.amount.currency),
        capture_before__gt=timezone.now() + SURE,
    )
    for hold in lock_rows(Hold, list(standing.values_list("pk", flat=True))):
        if hold.state != State.AUTHORISED:
            continue
        hold.state, hold.captured, hold.payment = State.CAPTURING, payment.amount, payment
        hold.save(update_fields=["state", "captured", "payment"])
        # Whoever looks the payment up finds the hold, and asks no card besides.
        payment.stripe_payment_intent_id = hold.stripe_payment_intent_id
        payment.save(update_fields=["stripe_payment_intent_id"])
        publish("holds.capture", {"hold_id": str(hold.pk)})
        return True
    return False


def carry_out_capture(*, hold_id: uuid.UUID) -> None:
    """Have Stripe take what a hold is to pay; may be repeated. The card is asked if it lapsed."""
    hold = Hold.objects.select_related("payment").get(pk=hold_id)
    if hold.state != State.CAPTURING or hold.payment is None:
        return
    held = gateway.capture_hold(
        str(hold.stripe_payment_intent_id), hold_id=hold.pk, amount=to_minor(hold.captured)
    )
    if held.intent.status == "succeeded":
        with transaction.atomic():
            settle_payment(payment_id=hold.payment.pk, intent=held.intent)
            Hold.objects.filter(pk=hold_id, state=State.CAPTURING).update(
                state=State.CAPTURED, settled_at=timezone.now()
            )
        return
    logger.warning("hold_lapsed_before_it_was_taken", hold=str(hold_id))
    _ask_card_instead(hold_id=hold_id, payment_id=hold.payment.pk)


@transaction.atomic
def _ask_card_instead(*, hold_id: uuid.UUID, payment_id: uuid.UUID) -> None:
    payment = lock_row(Payment, payment_id, related=("user", "card"))
    hold = lock_row(Hold, hold_id)
    if hold.state != State.CAPTURING:
        return
    hold.state, hold.settled_at = State.LAPSED, timezone.now()
    hold.payment, hold.captured = None, hold.captured * 0
    hold.save(update_fields=["state", "settled_at", "payment", "captured"])
    if payment.state == Payment.State.CANCELED:
        request_payment(
            user=payment.user,
            purpose=payment.purpose,
            reference=payment.reference,
            amount=payment.amount,
            card=payment.card,
            off_session=True,
        )
        return
    payment.stripe_payment_intent_id = None
    payment.save(update_fields=["stripe_payment_intent_id"])
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
