"""Being paid: by a card typed in, by a saved one, with and without its owner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.outbox import carry_out_due
from shop.payments.errors import CardMissingError, PaymentClosedError, StripeUnreachableError
from shop.payments.models import LedgerEntry, Payment
from shop.payments.services.charges import (
    cancel_payment,
    charge_off_session,
    pay_with_card,
    refresh_payment,
    start_payment,
)
from shop.payments.services.reconciling import reconcile_payments
from tests.factories.shop import SavedCardFactory
from tests.shop.payments.conftest import Heard, KilledError
from tests.shop.payments.paying import (
    ASKS_ALWAYS,
    BACK,
    DECLINED,
    DECLINED_LATER,
    SILENCE,
    VISA,
    answer_bank,
    confirm,
)
from tests.shop.payments.sandbox.running import RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)
Owe = Callable[..., Payment]
State = Payment.State


def charges_at_stripe(sandbox: RunningSandbox) -> list[Any]:
    return [each for each in sandbox.stripe().charges.list().data if each.paid]


def ledger() -> dict[str, Money]:
    return {each.account: each.amount for each in LedgerEntry.objects.all()}


def test_a_card_typed_in_pays_and_is_booked_once(
    owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)

    first = refresh_payment(payment_id=payment.pk)
    refresh_payment(payment_id=payment.pk)

    assert first.state == State.SUCCEEDED
    assert heard.succeeded == [payment.pk]
    assert ledger() == {"stripe": Money("95.00", "EUR"), "unreturned": Money("-95.00", "EUR")}


def test_starting_twice_makes_one_intent(owe: Owe, stripe_sandbox: RunningSandbox) -> None:
    payment = owe()
    assert start_payment(payment_id=payment.pk) == start_payment(payment_id=payment.pk)
    assert len(stripe_sandbox.stripe().payment_intents.list().data) == 1


def test_a_refused_card_leaves_the_debt_open_and_another_card_pays_it(
    owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret, DECLINED)

    refused = refresh_payment(payment_id=payment.pk)
    assert (refused.state, refused.failure_code) == (State.REQUIRES_PAYMENT_METHOD, "card_declined")
    assert heard.failed == [(payment.pk, "card_declined")]
    assert not LedgerEntry.objects.exists()

    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret, VISA)
    assert refresh_payment(payment_id=payment.pk).state == State.SUCCEEDED


def test_a_saved_card_pays_in_one_tap(
    owe: Owe, heard: Heard, keep_card: Callable[..., Any]
) -> None:
    card = keep_card()
    payment = owe(user=card.user)
    pay_with_card(payment_id=payment.pk, card_id=card.pk, return_url=BACK)
    assert heard.succeeded == [payment.pk]


def test_a_saved_card_whose_bank_asks_pays_after_the_answer(
    owe: Owe, heard: Heard, keep_card: Callable[..., Any]
) -> None:
    card = keep_card(method=ASKS_ALWAYS)
    payment = owe(user=card.user)
    intent = pay_with_card(payment_id=payment.pk, card_id=card.pk, return_url=BACK)
    assert heard.succeeded == []

    answer_bank(intent.redirect_url)
    assert refresh_payment(payment_id=payment.pk).state == State.SUCCEEDED


def test_nobody_pays_with_a_card_of_somebody_else(owe: Owe, stripe_sandbox: RunningSandbox) -> None:
    with pytest.raises(CardMissingError):
        pay_with_card(payment_id=owe().pk, card_id=SavedCardFactory().pk, return_url=BACK)


def test_the_worker_charges_a_saved_card_while_its_owner_is_away(
    owe: Owe, heard: Heard, keep_card: Callable[..., Any]
) -> None:
    card = keep_card()
    payment = owe(user=card.user, card=card, off_session=True)
    carry_out_due()
    assert heard.succeeded == [payment.pk]


def test_a_bank_that_asks_while_she_is_away_leaves_the_debt_open_for_her(
    owe: Owe, heard: Heard, keep_card: Callable[..., Any]
) -> None:
    card = keep_card(method=ASKS_ALWAYS)
    payment = owe(user=card.user, card=card, off_session=True)
    carry_out_due()
    assert heard.failed == [(payment.pk, "authentication_required")]

    intent = pay_with_card(payment_id=payment.pk, card_id=card.pk, return_url=BACK)
    answer_bank(intent.redirect_url)
    assert refresh_payment(payment_id=payment.pk).state == State.SUCCEEDED


def test_a_card_refused_while_she_is_away_is_told_once(
    owe: Owe, heard: Heard, keep_card: Callable[..., Any]
) -> None:
    card = keep_card(method=DECLINED_LATER)
    payment = owe(user=card.user, card=card, off_session=True)
    carry_out_due()
    charge_off_session(payment_id=payment.pk)
    assert heard.failed == [(payment.pk, "card_declined")]


def test_a_card_that_was_removed_meanwhile_is_a_refusal(
    owe: Owe, heard: Heard, keep_card: Callable[..., Any]
) -> None:
    card = keep_card()
    payment = owe(user=card.user, card=card, off_session=True)
    card.detached_at = timezone.now()
    card.save()
    carry_out_due()
    assert heard.failed == [(payment.pk, "card_removed")]


@pytest.mark.parametrize("lost", [1, 3])
def test_an_answer_lost_after_the_charge_leads_to_one_charge(
    lost: int,
    owe: Owe,
    heard: Heard,
    keep_card: Callable[..., Any],
    stripe_sandbox: RunningSandbox,
) -> None:
    card = keep_card()
    payment = owe(user=card.user, card=card, off_session=True)
    stripe_sandbox.turn("faults", **{**SILENCE, "path": "/v1/payment_intents", "count": lost})
    if lost == 3:
        with pytest.raises(StripeUnreachableError):
            charge_off_session(payment_id=payment.pk)
        assert heard.succeeded == []
    charge_off_session(payment_id=payment.pk)
    assert heard.succeeded == [payment.pk]
    assert len(charges_at_stripe(stripe_sandbox)) == 1


def test_a_worker_killed_between_charge_and_commit_charges_once(
    owe: Owe,
    heard: Heard,
    keep_card: Callable[..., Any],
    stripe_sandbox: RunningSandbox,
) -> None:
    card = keep_card()
    payment = owe(user=card.user, card=card, off_session=True)
    heard.dies = True
    with pytest.raises(KilledError):
        charge_off_session(payment_id=payment.pk)
    assert Payment.objects.get(pk=payment.pk).state != State.SUCCEEDED
    assert len(charges_at_stripe(stripe_sandbox)) == 1, "Stripe has the money, we do not know"

    charge_off_session(payment_id=payment.pk)

    assert Payment.objects.get(pk=payment.pk).state == State.SUCCEEDED
    assert heard.succeeded == [payment.pk]
    assert len(charges_at_stripe(stripe_sandbox)) == 1


def test_the_sweep_settles_what_nobody_told(
    owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    assert reconcile_payments() == 0, "a young payment is left to its webhook"

    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    assert reconcile_payments() == 1
    assert heard.succeeded == [payment.pk]


def test_the_sweep_finds_a_charge_whose_idempotency_key_has_ended(
    owe: Owe,
    heard: Heard,
    keep_card: Callable[..., Any],
    stripe_sandbox: RunningSandbox,
) -> None:
    card = keep_card()
    payment = owe(user=card.user, card=card, off_session=True)
    Payment.objects.update(created_at=timezone.now() - timedelta(hours=30))
    stripe_sandbox.turn("faults", **{**SILENCE, "path": "/v1/payment_intents"})
    with pytest.raises(StripeUnreachableError):
        charge_off_session(payment_id=payment.pk)
    Payment.objects.update(created_at=timezone.now() - timedelta(hours=25))
    stripe_sandbox.turn("clock", advance=25 * 3600)
    Payment.objects.update(created_at=timezone.now() - timedelta(hours=25))

    assert reconcile_payments() == 1
    assert heard.succeeded == [payment.pk]
    assert len(charges_at_stripe(stripe_sandbox)) == 1


def test_a_payment_that_cannot_be_settled_stops_no_other(
    owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    broken, sound = owe(), owe(reference="fine-2")
    start = start_payment(payment_id=sound.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    Payment.objects.filter(pk=broken.pk).update(stripe_payment_intent_id="pi_unknown")

    reconcile_payments()
    assert heard.succeeded == [sound.pk]


def test_a_debt_let_go_before_the_worker_came_is_never_charged(
    owe: Owe, keep_card: Callable[..., Any], stripe_sandbox: RunningSandbox
) -> None:
    card = keep_card()
    payment = owe(user=card.user, card=card, off_session=True)
    cancel_payment(payment_id=payment.pk)
    carry_out_due()
    assert charges_at_stripe(stripe_sandbox) == []
    assert Payment.objects.get(pk=payment.pk).state == State.CANCELED
    with pytest.raises(PaymentClosedError):
        start_payment(payment_id=payment.pk)


def test_a_payment_cancelled_too_late_counts_as_paid(
    owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    cancel_payment(payment_id=payment.pk)
    assert Payment.objects.get(pk=payment.pk).state == State.SUCCEEDED
    assert heard.succeeded == [payment.pk]


def test_stripe_is_never_called_in_a_transaction(owe: Owe, stripe_sandbox: RunningSandbox) -> None:
    payment = owe()
    with transaction.atomic(), pytest.raises(transaction.TransactionManagementError):
        start_payment(payment_id=payment.pk)
