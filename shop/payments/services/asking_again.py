"""Asking a saved card once more for a payment that was refused, its owner being away."""

import uuid
from datetime import datetime, timedelta

import stripe
from django.db import transaction
from django.utils import timezone

from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.payments import gateway
from shop.payments.models import Payment, SavedCard
from shop.payments.services.cards import stripe_customer
from shop.payments.services.charges import SETTLED, make_intent, note_failure, settle_payment
from shop.payments.services.reconciling import KEY_LIVES

# Only these may be confirmed: https://docs.stripe.com/api/payment_intents/confirm.
MAY_BE_ASKED = frozenset({"requires_payment_method", "requires_action"})
# How long somebody may be at her bank's page, and her card is not asked beside her. Who has left it
# by then is away: at Stripe such a payment stands for ever.
AT_HER_BANK = timedelta(hours=1)


def request_another_try(
    *, payment_id: uuid.UUID, card: SavedCard, attempt: int, after: timedelta = timedelta(0)
) -> None:
    """Have a card asked once more soon, in the caller's transaction; locks nothing.

    Args:
        payment_id: a payment that was refused.
        card: which of its payer's cards.
        attempt: the number of this try, above zero; the bank is asked once for each.
        after: how long to wait first.
    """
    publish(
        "payments.ask_again",
        {
            "payment_id": str(payment_id),
            "card_id": card.pk,
            "attempt": attempt,
            "asked_at": (timezone.now() + after).isoformat(),
        },
        after=after,
    )


def ask_again(*, payment_id: uuid.UUID, card_id: int, attempt: int, asked_at: datetime) -> None:
    """Ask a card once more; calls Stripe, and may be repeated.

    Nothing is asked while the payer herself is at it, but an hour later; and nothing once Stripe
    has forgotten the name of this try: what became of it is looked up instead.

    Args:
        payment_id: the payment.
        card_id: which card.
        attempt: the number of this try.
        asked_at: when it was decided.

    Raises:
        StripeUnreachableError: try again.
    """
    card = SavedCard.objects.get(pk=card_id)
    payment = Payment.objects.select_related("user").get(pk=payment_id)
    if payment.state in SETTLED:
        return
    stale = asked_at < timezone.now() - KEY_LIVES
    intent = _known(payment)
    at_it = intent is not None and intent.status == "requires_action"
    if at_it and payment.tried_at and payment.tried_at > timezone.now() - AT_HER_BANK:
        with transaction.atomic():
            request_another_try(
                payment_id=payment.pk, card=card, attempt=attempt, after=AT_HER_BANK
            )
        return
    if stale or (intent is not None and intent.status not in MAY_BE_ASKED):
        if intent is not None:
            settle_payment(payment_id=payment.pk, intent=intent)
        return
    if card.detached_at is not None:
        note_failure(payment, "card_removed", attempt=f"attempt-{attempt}")
        return
    payment = _with_card(payment, card)
    try:
        if intent is None:
            intent = make_intent(payment, attempt=str(attempt))
        else:
            intent = gateway.confirm_off_session(
                intent.id, card=card.stripe_payment_method_id, attempt=str(attempt)
            )
    except stripe.InvalidRequestError as error:
        # Such as a card that was detached at Stripe: no charge was made and none will be.
        note_failure(payment, str(error.code or "invalid_request"), attempt=f"attempt-{attempt}")
        return
    settle_payment(payment_id=payment.pk, intent=intent)


def _known(payment: Payment) -> gateway.Intent | None:
    """Return the payment's intent, looked for at Stripe where no answer told of it."""
    if payment.stripe_payment_intent_id:
        return gateway.retrieve_payment_intent(payment.stripe_payment_intent_id)
    return gateway.find_payment_intent(
        payment_id=payment.pk, customer=stripe_customer(payment.user), since=payment.created_at
    )


@transaction.atomic
def _with_card(payment: Payment, card: SavedCard) -> Payment:
    locked = lock_row(Payment, payment.pk, related=("user",))
    locked.card, locked.tried_at = card, timezone.now()
    locked.save(update_fields=["card", "tried_at"])
    return locked
