"""Saving cards: a SetupIntent is begun, confirmed in the browser, and read back."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import stripe
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.customers.models import User
from shop.foundation.errors import TooManyError
from shop.foundation.limits import count_against
from shop.foundation.locks import lock_row
from shop.foundation.network import address_hash
from shop.foundation.outbox import publish
from shop.payments import gateway
from shop.payments.card_uses import is_in_use
from shop.payments.errors import CardInUseError, CardMissingError, CardRefusedError
from shop.payments.models import CardSetup, PaymentCustomer, SavedCard
from shop.payments.refusals import refusal_words

# Card testers try hundreds of numbers; a customer mistypes a few times. A refusal counts as a
# beginning does, for one intent takes any number of cards.
SETUPS_AN_HOUR = 10
# One card kept by many accounts is a tester's, or a family's at most.
KEPT_A_DAY = 5
SETUP_LIVES = timedelta(hours=1)
# Of a SetupIntent that still waits for a card.
OPEN = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})


@dataclass(frozen=True)
class CardSetupStart:
    """What a browser or an app needs to confirm a card."""

    setup_id: uuid.UUID
    intent_id: str
    client_secret: str


def stripe_customer(user: User) -> str:
    """Return Stripe's id of a user, making her known there if need be; calls Stripe."""
    known = PaymentCustomer.objects.filter(user=user).first()
    if known:
        return known.stripe_customer_id
    made = gateway.create_customer(user_id=user.pk, email=user.email, name=user.name)
    known, _created = PaymentCustomer.objects.get_or_create(
        user=user, defaults={"stripe_customer_id": made}
    )
    return known.stripe_customer_id


def start_card_setup(*, user: User, address: str = "") -> CardSetupStart:
    """Begin saving a card, or go on with the one begun within the hour; calls Stripe.

    One whose card was refused is not gone on with: it is cancelled, and the next one counted.

    Args:
        user: whose card.
        address: the network address it is done from, for the limit; empty in background work.

    Raises:
        TooManyError: too many tries within an hour.
        StripeUnreachableError: nothing was begun; try again.
    """
    begun = CardSetup.objects.filter(
        user=user,
        state=CardSetup.State.STARTED,
        stripe_setup_intent_id__isnull=False,
        created_at__gt=timezone.now() - SETUP_LIVES,
    ).last()
    if begun is not None:
        intent = gateway.retrieve_setup_intent(str(begun.stripe_setup_intent_id))
        if intent.status in OPEN and not intent.failure_code:
            return CardSetupStart(begun.pk, intent.id, intent.client_secret)
        if intent.status in OPEN:
            _use_up(begun)
    hashed = address_hash(address) if address else ""
    _count(user.pk, hashed)
    setup = CardSetup.objects.create(user=user, address_hash=hashed)
    intent = gateway.create_setup_intent(setup_id=setup.pk, customer=stripe_customer(user))
    CardSetup.objects.filter(pk=setup.pk).update(stripe_setup_intent_id=intent.id)
    return CardSetupStart(setup.pk, intent.id, intent.client_secret)


def _count(user_id: int, hashed: str) -> None:
    count_against("card-setup", f"user:{user_id}", limit=SETUPS_AN_HOUR, seconds=3600)
    if hashed:
        # A shared network alone must not block people, hence the wider limit.
        count_against("card-setup", f"from:{hashed}", limit=SETUPS_AN_HOUR * 6, seconds=3600)


def _use_up(setup: CardSetup) -> None:
    """Let no further card be tried with an intent; calls Stripe."""
    gateway.cancel_setup_intent(str(setup.stripe_setup_intent_id))
    CardSetup.objects.filter(pk=setup.pk, state=CardSetup.State.STARTED).update(
        state=CardSetup.State.FAILED
    )


def count_refusal(*, setup_intent_id: str) -> None:
    """Count a refused card against who tried it; over the limit, the intent takes no more.

    Within the limit it stays open: the page that shows the refusal lets her try another card.
    """
    setup = CardSetup.objects.filter(stripe_setup_intent_id=setup_intent_id).first()
    if setup is None:
        return
    try:
        _count(setup.user_id, setup.address_hash)
    except TooManyError:
        _use_up(setup)


def finish_card_setup(*, user: User, setup_intent_id: str) -> SavedCard:
    """Keep the card of a confirmed SetupIntent; asks Stripe, and may be repeated.

    Raises:
        CardMissingError: no setup of this user has that id.
        CardRefusedError: it was not confirmed.
        TooManyError: the card was kept by too many accounts today.
    """
    setup = CardSetup.objects.filter(user=user, stripe_setup_intent_id=setup_intent_id).first()
    if setup is None:
        raise CardMissingError(_("There is no card to save here. Please enter it again."))
    try:
        intent = gateway.retrieve_setup_intent(setup_intent_id)
    except stripe.InvalidRequestError as error:
        raise CardMissingError(
            _("There is no card to save here. Please enter it again.")
        ) from error
    if intent.status != "succeeded" or intent.card is None:
        raise CardRefusedError(
            refusal_words(intent.failure_code)
            if intent.failure_code
            else _("The card was not confirmed. Please try again or take another card.")
        )
    # Test cards are everybody's, so only real ones are counted.
    if setup.card is None and not settings.STRIPE_IS_SANDBOX:
        count_against(
            "card-kept", f"card:{intent.card.fingerprint}", limit=KEPT_A_DAY, seconds=86_400
        )
    return _keep_card(setup, intent.card)


@transaction.atomic
def _keep_card(setup: CardSetup, facts: gateway.CardFacts) -> SavedCard:
    card, created = SavedCard.objects.get_or_create(
        stripe_payment_method_id=facts.id,
        defaults={
            "user": setup.user,
            "brand": facts.brand,
            "last4": facts.last4,
            "exp_month": facts.exp_month,
            "exp_year": facts.exp_year,
            "fingerprint": facts.fingerprint,
        },
    )
    CardSetup.objects.filter(pk=setup.pk).update(state=CardSetup.State.SUCCEEDED, card=card)
    if created:
        publish("payments.card_saved", {"card_id": card.pk})
    return card


def finish_from_webhook(*, setup_intent_id: str) -> None:
    """Keep a card whose owner closed the page before coming back."""
    setup = CardSetup.objects.filter(stripe_setup_intent_id=setup_intent_id).first()
    if setup is not None:
        finish_card_setup(user=setup.user, setup_intent_id=setup_intent_id)


@transaction.atomic
def detach_card(*, user: User, card_id: int) -> None:
    """Forget a card; a worker has Stripe forget it too after the commit.

    Raises:
        CardMissingError: it is not hers.
        CardInUseError: it stands for something of the shop's that she still has.
    """
    if not SavedCard.objects.filter(user=user, pk=card_id, detached_at__isnull=True).exists():
        raise CardMissingError(_("There is no such card."))
    card = lock_row(SavedCard, card_id)
    if is_in_use(card):
        raise CardInUseError(
            _(
                "A trial of yours is open and would be charged to this card. Choose another card "
                "on the trial’s page first, or remove this one when the trial is over."
            )
        )
    card.detached_at = timezone.now()
    card.save(update_fields=["detached_at"])
    publish("payments.detach", {"payment_method_id": card.stripe_payment_method_id})
