"""Asking for holds: the row first, then Stripe, then the outcome, settled once.

The worker that asked, the sweep after a lost answer, and the renewal all end in ``settle_hold``. A
hold's row is locked after the thing it is for (docs/locking.md).
"""

import uuid
from datetime import timedelta

import stripe
from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.money import to_minor
from shop.foundation.outbox import publish
from shop.holds import gateway
from shop.holds.models import Hold
from shop.holds.purposes import purpose_of
from shop.holds.windows import window_of
from shop.payments.models import SavedCard
from shop.payments.services.cards import stripe_customer

State = Hold.State
# Stripe forgets idempotency keys after 24 hours; later an unknown outcome is looked up instead.
KEY_LIVES = timedelta(hours=23)


def request_hold(
    *,
    user: User,
    purpose: str,
    reference: str,
    amount: Money,
    card: SavedCard,
    renews: Hold | None = None,
) -> Hold:
    """Write down that an amount is to be held on a card, in the caller's transaction.

    A worker has it done after the commit.

    Args:
        user: whose card it is.
        purpose: a registered one.
        reference: what it is for; one standing hold at most.
        amount: above zero, in whole smallest units.
        card: a saved card of hers.
        renews: the hold it is to take the place of, which is released once this one stands.
    """
    hold = Hold.objects.create(
        user=user,
        purpose=purpose,
        reference=reference,
        amount=amount,
        captured=amount * 0,
        card=card,
        renews=renews,
    )
    purpose_of(hold)
    publish("holds.place", {"hold_id": str(hold.pk)})
    return hold


def place_hold(*, hold_id: uuid.UUID) -> None:
    """Have the bank hold an amount that was asked for; calls Stripe, and may be repeated."""
    hold = Hold.objects.select_related("user", "card").get(pk=hold_id)
    if hold.state != State.CREATED:
        return
    customer = stripe_customer(hold.user)
    if hold.created_at < timezone.now() - KEY_LIVES:
        found = gateway.find_hold(hold_id=hold.pk, customer=customer, since=hold.created_at)
        if found is not None:
            settle_hold(hold_id=hold.pk, held=found)
            return
    if hold.card.detached_at is not None:
        _refuse(hold_id, "card_removed")
        return
    try:
        held = gateway.create_hold(
            hold_id=hold.pk,
            amount=to_minor(hold.amount),
            currency=str(hold.amount.currency),
            customer=customer,
            purpose=hold.purpose,
            card=hold.card.stripe_payment_method_id,
        )
    except stripe.InvalidRequestError as error:
        # Such as a card that was detached at Stripe: nothing was held and nothing will be.
        _refuse(hold_id, str(error.code or "invalid_request"))
        return
    settle_hold(hold_id=hold.pk, held=held)


@transaction.atomic
def settle_hold(*, hold_id: uuid.UUID, held: gateway.HeldIntent) -> None:
    """Take over what Stripe says of a hold that was asked for, once, with all that follows."""
    renewed = Hold.objects.values_list("renews_id", flat=True).get(pk=hold_id)
    lock_rows(Hold, [each for each in (hold_id, renewed) if each])
    hold = lock_row(Hold, hold_id, related=("card", "user"))
    if hold.state != State.CREATED:
        return
    hold.stripe_payment_intent_id = held.intent.id
    if held.intent.status != "requires_capture":
        hold.save(update_fields=["stripe_payment_intent_id"])
        _refuse(hold_id, held.intent.failure_code or held.intent.status)
        return
    now = timezone.now()
    hold.state, hold.settled_at = State.AUTHORISED, now
    hold.capture_before = held.capture_before or now + window_of(hold.card.brand)
    hold.save(update_fields=["state", "settled_at", "capture_before", "stripe_payment_intent_id"])
    if hold.renews_id is not None:
        begin_release(Hold.objects.get(pk=hold.renews_id))
    if purpose_of(hold).is_needed(hold):
        purpose_of(hold).on_authorised(hold)
    else:
        begin_release(hold)


@transaction.atomic
def _refuse(hold_id: uuid.UUID, code: str) -> None:
    hold = lock_row(Hold, hold_id, related=("card", "user"))
    if hold.state != State.CREATED:
        return
    hold.state, hold.failure_code, hold.settled_at = State.REFUSED, code[:60], timezone.now()
    hold.save(update_fields=["state", "failure_code", "settled_at"])
    if purpose_of(hold).is_needed(hold):
        purpose_of(hold).on_refused(hold)


def begin_release(hold: Hold) -> None:
    """Decide that a hold the caller has locked is freed; a worker has it done after the commit."""
    if hold.state != State.AUTHORISED:
        return
    hold.state = State.RELEASING
    hold.save(update_fields=["state"])
    publish("holds.release", {"hold_id": str(hold.pk)})
