"""Payments: the row first, then Stripe, then the outcome, settled once whoever brings it.

The outcome may arrive by the page the customer comes back to, by a webhook, by the worker that
charged her card, or by the sweep. All of them end in ``settle_payment``, which takes the payment's
row lock, so that it is booked and told onwards once (docs/locking.md: payment before what it pays).
"""

import uuid
from dataclasses import dataclass

import stripe
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.locks import lock_row
from shop.foundation.money import from_minor, to_minor, total
from shop.foundation.outbox import publish
from shop.foundation.postgres.inserts import insert_rows
from shop.payments import gateway
from shop.payments.errors import CardMissingError, PaymentClosedError
from shop.payments.models import LedgerEntry, Payment, SavedCard
from shop.payments.purposes import purpose_of
from shop.payments.services.cards import stripe_customer
from shop.payments.services.ledger import Entry, book, income_entries

State = Payment.State
SETTLED = (State.SUCCEEDED, State.CANCELED)
# Stripe's words that mean the same to us.
STATES = {
    "requires_payment_method": State.REQUIRES_PAYMENT_METHOD,
    "requires_confirmation": State.REQUIRES_PAYMENT_METHOD,
    "requires_action": State.REQUIRES_ACTION,
    "processing": State.PROCESSING,
    # Paid from what is held, and not taken yet.
    "requires_capture": State.PROCESSING,
    "succeeded": State.SUCCEEDED,
    "canceled": State.CANCELED,
}


@dataclass(frozen=True)
class PaymentStart:
    """What a browser or an app needs to pay."""

    payment_id: uuid.UUID
    intent_id: str
    client_secret: str


def request_payment(
    *,
    user: User,
    purpose: str,
    reference: str,
    amount: Money,
    card: SavedCard | None = None,
    off_session: bool = False,
) -> Payment:
    """Write down that somebody is to pay, in the caller's transaction.

    Args:
        user: who owes it.
        purpose: a registered one.
        reference: what it is for; one open payment and one paid one at most.
        amount: above zero.
        card: a saved card of hers to take it from.
        off_session: charge that card soon, without her; a worker does it after the commit.

    Returns:
        The payment, not yet known to Stripe.
    """
    payment = Payment(
        user=user,
        purpose=purpose,
        reference=reference,
        amount=amount,
        card=card,
        off_session=off_session,
    )
    insert_rows([payment])
    purpose_of(payment)
    if off_session:
        publish("payments.charge", {"payment_id": str(payment.pk)})
    return payment


def make_intent(payment: Payment, *, attempt: str = "") -> gateway.Intent:
    """Make or find the payment's intent at Stripe and keep its id.

    Args:
        payment: with its user and card.
        attempt: names a later try, where an earlier one is known to have made none.
    """
    card = payment.card.stripe_payment_method_id if payment.card and payment.off_session else ""
    intent = gateway.create_payment_intent(
        payment_id=payment.pk,
        amount=to_minor(payment.amount),
        currency=str(payment.amount.currency),
        customer=stripe_customer(payment.user),
        purpose=payment.purpose,
        off_session_card=card,
        attempt=attempt,
    )
    Payment.objects.filter(pk=payment.pk).update(
        stripe_payment_intent_id=intent.id, tried_at=timezone.now()
    )
    return intent


def start_payment(*, payment_id: uuid.UUID) -> PaymentStart:
    """Let somebody pay now; calls Stripe, and may be repeated.

    Raises:
        PaymentClosedError: it is paid or cancelled.
        StripeUnreachableError: try again.
    """
    payment = Payment.objects.select_related("user", "card").get(pk=payment_id)
    if payment.state in SETTLED:
        raise PaymentClosedError(_("This is paid, or no longer to be paid."))
    if payment.stripe_payment_intent_id:
        Payment.objects.filter(pk=payment.pk).update(tried_at=timezone.now())
        intent = gateway.retrieve_payment_intent(payment.stripe_payment_intent_id)
    else:
        intent = make_intent(payment)
    if intent.status in SETTLED:
        settle_payment(payment_id=payment.pk, intent=intent)
        raise PaymentClosedError(_("This is paid, or no longer to be paid."))
    return PaymentStart(payment.pk, intent.id, intent.client_secret)


def pay_with_card(*, payment_id: uuid.UUID, card_id: int, return_url: str) -> gateway.Intent:
    """Pay with a saved card while its owner is here; calls Stripe.

    Returns:
        The intent, settled as far as it is; with a ``redirect_url`` where her bank asks her first.

    Raises:
        CardMissingError: the card is not hers or was removed.
        PaymentClosedError: it is paid or cancelled.
    """
    start = start_payment(payment_id=payment_id)
    payment = Payment.objects.get(pk=payment_id)
    card = SavedCard.objects.filter(
        user_id=payment.user_id, pk=card_id, detached_at__isnull=True
    ).first()
    if card is None:
        raise CardMissingError(_("There is no such card."))
    intent = gateway.confirm_payment_intent(
        start.intent_id, card=card.stripe_payment_method_id, return_url=return_url
    )
    settle_payment(payment_id=payment_id, intent=intent)
    return intent


def charge_off_session(*, payment_id: uuid.UUID) -> None:
    """Take a payment from a saved card, its owner being away; calls Stripe, and may be repeated."""
    payment = Payment.objects.select_related("user", "card").get(pk=payment_id)
    if payment.state in SETTLED:
        return
    if payment.stripe_payment_intent_id:
        intent = gateway.retrieve_payment_intent(payment.stripe_payment_intent_id)
    elif payment.card is None or payment.card.detached_at is not None:
        note_failure(payment, "card_removed")
        return
    else:
        try:
            intent = make_intent(payment)
        except stripe.InvalidRequestError as error:
            # Such as a card that was detached at Stripe: no charge was made and none will be.
            note_failure(payment, str(error.code or "invalid_request"))
            return
    settle_payment(payment_id=payment.pk, intent=intent)


@transaction.atomic
def note_failure(payment: Payment, code: str, *, attempt: str = "") -> None:
    """Note a refusal of which Stripe knows nothing, once a try.

    Args:
        payment: which.
        code: why, a code of Stripe's or of ours.
        attempt: names the try, as Stripe's charge does elsewhere; empty for the first.
    """
    locked = lock_row(Payment, payment.pk)
    known = (locked.failure_code, locked.failed_charge)
    if locked.state in SETTLED or known == (code, attempt):
        return
    locked.state = State.REQUIRES_PAYMENT_METHOD
    locked.failure_code, locked.failed_charge = code, attempt
    locked.decline_code = locked.advice_code = ""
    locked.save(
        update_fields=["state", "failure_code", "failed_charge", "decline_code", "advice_code"]
    )
    purpose_of(locked).on_failed(locked)


def refresh_payment(*, payment_id: uuid.UUID) -> Payment:
    """Ask Stripe how a payment stands and settle it; may be repeated.

    Raises:
        StripeUnreachableError: try again.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.state not in SETTLED and payment.stripe_payment_intent_id:
        intent = gateway.retrieve_payment_intent(payment.stripe_payment_intent_id)
        settle_payment(payment_id=payment.pk, intent=intent)
    return Payment.objects.get(pk=payment_id)


@transaction.atomic
def settle_payment(*, payment_id: uuid.UUID, intent: gateway.Intent) -> None:
    """Take over what Stripe says of a payment, once, in one transaction with all that follows.

    Args:
        payment_id: ours.
        intent: as Stripe just told it; an older one changes nothing after a settled one.

    Raises:
        ValueError: Stripe received another amount than was asked for.
    """
    payment = lock_row(Payment, payment_id)
    state = STATES[intent.status]
    # Given up here while a worker was charging the card: the money came, and what it was for
    # decides whether it goes back.
    came_after_all = payment.state == State.CANCELED and state == State.SUCCEEDED
    if payment.state in SETTLED and not came_after_all:
        return
    refused = bool(intent.failure_code) and (
        (intent.failure_code, intent.failed_charge) != (payment.failure_code, payment.failed_charge)
    )
    payment.state = state
    payment.stripe_payment_intent_id = intent.id
    payment.failure_code = intent.failure_code[:60]
    payment.failure_message = intent.failure_message[:300]
    payment.decline_code = intent.decline_code[:60]
    payment.advice_code = intent.advice_code[:40]
    payment.failed_charge = intent.failed_charge[:60]
    payment.settled_at = timezone.now() if state in SETTLED else None
    if state == State.SUCCEEDED:
        received = from_minor(intent.amount_received, str(payment.amount.currency))
        asked = _asked_with(payment) if payment.shares_intent else payment.amount
        if received != asked:
            raise ValueError(f"payment {payment.pk} asked for {asked}, got {received}")
        payment.failure_code = payment.failure_message = ""
    payment.save(
        update_fields=[
            "state",
            "stripe_payment_intent_id",
            "failure_code",
            "failure_message",
            "decline_code",
            "advice_code",
            "failed_charge",
            "settled_at",
        ]
    )
    if state == State.SUCCEEDED:
        _book(payment)
        purpose_of(payment).on_succeeded(payment)
    elif refused:
        purpose_of(payment).on_failed(payment)


def _asked_with(payment: Payment) -> Money:
    """Return what a payment and those who share its intent come to."""
    shared = Payment.objects.filter(stripe_payment_intent_id=payment.stripe_payment_intent_id)
    return total([each.amount for each in shared])


def _book(payment: Payment) -> None:
    income = purpose_of(payment).account
    book(
        kind="payment",
        reference=str(payment.pk),
        entries=[
            Entry(LedgerEntry.Account.STRIPE, payment.amount),
            *income_entries(income, payment.amount, percent=purpose_of(payment).tax(payment)),
        ],
        user_id=payment.user_id,
        order_number=payment.reference if income == LedgerEntry.Account.SALES else "",
    )


def cancel_payment(*, payment_id: uuid.UUID) -> None:
    """Give a payment up; calls Stripe. One that was paid meanwhile is settled as paid.

    What shares its intent with others is left to be paid with them, and goes back then.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.state in SETTLED:
        return
    if payment.shares_intent:
        refresh_payment(payment_id=payment.pk)
        return
    if payment.stripe_payment_intent_id:
        intent = gateway.cancel_payment_intent(payment.stripe_payment_intent_id)
        settle_payment(payment_id=payment.pk, intent=intent)
        return
    # Stripe may know an intent whose answer was lost; making it anew might charge a card.
    found = gateway.find_payment_intent(
        payment_id=payment.pk, customer=stripe_customer(payment.user), since=payment.created_at
    )
    if found is None:
        _close_unasked(payment)
    else:
        settle_payment(payment_id=payment.pk, intent=gateway.cancel_payment_intent(found.id))


@transaction.atomic
def _close_unasked(payment: Payment) -> None:
    locked = lock_row(Payment, payment.pk)
    if locked.state not in SETTLED:
        locked.state = State.CANCELED
        locked.settled_at = timezone.now()
        locked.save(update_fields=["state", "settled_at"])
