"""PaymentIntents: paid at once, held and captured, cancelled, lapsed by the clock."""

import pytest
import stripe

from tests.shop.payments.sandbox.acts import answer_3ds, pay
from tests.shop.payments.sandbox.running import RETURN_URL

DAY = 86400


def hold(client, method="pm_card_visa", **extra):
    return pay(client, method, capture_method="manual", expand=["latest_charge"], **extra)


def capture_before(intent):
    return intent.latest_charge.payment_method_details.card.capture_before - (
        intent.latest_charge.created
    )


def test_an_intent_goes_from_no_card_to_paid(client, customer):
    intent = client.payment_intents.create(
        {"amount": 14500, "currency": "EUR", "customer": customer.id, "description": "Frames"}
    )
    assert (intent.status, intent.currency) == ("requires_payment_method", "eur")
    intent = client.payment_intents.update(intent.id, {"payment_method": "pm_card_visa"})
    assert intent.status == "requires_confirmation"
    intent = client.payment_intents.update(intent.id, {"amount": 12000, "metadata": {"a": "b"}})
    intent = client.payment_intents.confirm(
        intent.id, {"return_url": RETURN_URL, "expand": ["latest_charge.balance_transaction"]}
    )
    assert (intent.status, intent.amount_received) == ("succeeded", 12000)
    charge = intent.latest_charge
    assert (charge.amount_captured, charge.captured, charge.paid) == (12000, True, True)
    assert charge.customer == customer.id
    assert charge.metadata.to_dict() == {"a": "b"}
    assert charge.balance_transaction.net == 12000 - charge.balance_transaction.fee


def test_a_succeeded_intent_refuses_a_second_confirmation_and_a_new_amount(client):
    paid = pay(client, "pm_card_visa")
    for act in (
        lambda: client.payment_intents.confirm(paid.id),
        lambda: client.payment_intents.update(paid.id, {"amount": 100}),
        lambda: client.payment_intents.cancel(paid.id),
        lambda: client.payment_intents.capture(paid.id),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            act()
        assert refusal.value.code == "payment_intent_unexpected_state"
        assert refusal.value.error.payment_intent.id == paid.id
    assert len(client.charges.list({"payment_intent": paid.id}).data) == 1


def test_a_declined_intent_can_be_paid_with_another_card(client):
    with pytest.raises(stripe.CardError) as refusal:
        pay(client, "pm_card_chargeDeclined")
    intent_id = refusal.value.error.payment_intent.id
    paid = client.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)
    states = [charge.status for charge in client.charges.list({"payment_intent": intent_id})]
    assert states == ["succeeded", "failed"]


def test_completed_3ds_pays_and_shows_on_the_charge(client):
    intent = pay(client, "pm_card_threeDSecure2Required", return_url=f"{RETURN_URL}?order=7#top")
    back = answer_3ds(intent, "complete")
    assert back.startswith(f"{RETURN_URL}?order=7&payment_intent={intent.id}&")
    assert back.endswith("&redirect_status=succeeded#top")
    done = client.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert done.status == "succeeded"
    card = done.latest_charge.payment_method_details.card
    assert card.three_d_secure.result == "authenticated"


def test_failed_3ds_takes_no_money(client):
    intent = pay(client, "pm_card_threeDSecure2Required", return_url=RETURN_URL)
    assert "redirect_status=failed" in answer_3ds(intent, "fail")
    failed = client.payment_intents.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"
    assert client.charges.list({"payment_intent": intent.id}).data == []


def test_a_card_may_be_declined_after_3ds(client):
    name = "pm_card_threeDSecureRequiredChargeDeclined"
    intent = pay(client, name, return_url=RETURN_URL)
    assert "redirect_status=failed" in answer_3ds(intent, "complete")
    assert client.payment_intents.retrieve(intent.id).last_payment_error.code == "card_declined"


def test_paying_can_keep_the_card_for_later(client, customer):
    intent = pay(
        client,
        "pm_card_authenticationRequiredOnSetup",
        customer=customer.id,
        setup_future_usage="off_session",
        return_url=RETURN_URL,
    )
    answer_3ds(intent, "complete")
    [kept] = client.customers.payment_methods.list(customer.id).data
    again = pay(client, kept.id, customer=customer.id, off_session=True)
    assert again.status == "succeeded"


@pytest.mark.parametrize(
    ("method", "off_session", "seconds"),
    [
        ("pm_card_visa", False, 7 * DAY),
        ("pm_card_visa", True, 4 * DAY + 18 * 3600),
        ("pm_card_mastercard", False, 7 * DAY),
        ("pm_card_mastercard", True, 7 * DAY),
    ],
)
def test_a_hold_says_until_when_it_can_be_captured(client, customer, method, off_session, seconds):
    kept = client.payment_methods.attach(method, {"customer": customer.id})
    held = hold(client, kept.id, customer=customer.id, off_session=off_session)
    assert (held.status, held.amount_capturable) == ("requires_capture", 14500)
    assert not held.latest_charge.captured
    assert capture_before(held) == seconds


def test_a_hold_is_captured_in_part_and_the_rest_is_freed(client):
    held = hold(client)
    done = client.payment_intents.capture(
        held.id, {"amount_to_capture": 4500, "expand": ["latest_charge"]}
    )
    assert (done.status, done.amount_received, done.amount_capturable) == ("succeeded", 4500, 0)
    charge = done.latest_charge
    assert (charge.amount_captured, charge.amount_refunded, charge.refunded) == (4500, 10000, False)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.payment_intents.capture(held.id)
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_no_more_than_the_hold_is_captured(client):
    held = hold(client)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.payment_intents.capture(held.id, {"amount_to_capture": 14501})
    assert (refusal.value.code, refusal.value.param) == ("amount_too_large", "amount_to_capture")
    assert client.payment_intents.retrieve(held.id).status == "requires_capture"


def test_a_cancelled_hold_is_freed(client):
    held = hold(client)
    gone = client.payment_intents.cancel(
        held.id, {"cancellation_reason": "requested_by_customer", "expand": ["latest_charge"]}
    )
    assert (gone.status, gone.amount_capturable) == ("canceled", 0)
    assert gone.cancellation_reason == "requested_by_customer"
    assert (gone.latest_charge.captured, gone.latest_charge.refunded) == (False, True)
    with pytest.raises(stripe.InvalidRequestError, match="status of canceled"):
        client.payment_intents.confirm(held.id, {"payment_method": "pm_card_visa"})


def test_a_hold_lapses_when_its_time_is_over_and_not_before(sandbox, client):
    held = hold(client)
    sandbox.turn("clock", advance=7 * DAY - 60)
    assert client.payment_intents.retrieve(held.id).status == "requires_capture"
    sandbox.turn("clock", advance=61)
    gone = client.payment_intents.retrieve(held.id)
    assert (gone.status, gone.cancellation_reason) == ("canceled", "automatic")
    types = [event.type for event in client.events.list({"limit": 2})]
    assert types == ["payment_intent.canceled", "charge.expired"]
    with pytest.raises(stripe.InvalidRequestError, match="status of canceled"):
        client.payment_intents.capture(held.id)


def test_a_captured_hold_does_not_lapse(sandbox, client):
    held = hold(client)
    client.payment_intents.capture(held.id)
    sandbox.turn("clock", advance=30 * DAY)
    assert client.payment_intents.retrieve(held.id).status == "succeeded"


def test_a_test_clock_moves_the_same_time(client):
    held = hold(client)
    clock = client.test_helpers.test_clocks.create({"frozen_time": held.created, "name": "t"})
    later = held.created + 8 * DAY
    client.test_helpers.test_clocks.advance(clock.id, {"frozen_time": later})
    assert client.test_helpers.test_clocks.retrieve(clock.id).frozen_time == later
    assert client.payment_intents.retrieve(held.id).status == "canceled"


def test_off_session_makes_sense_only_when_confirming(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.payment_intents.create({"amount": 500, "currency": "eur", "off_session": True})
    assert refusal.value.param == "off_session"


@pytest.mark.parametrize(
    ("amount", "code"), [(49, "amount_too_small"), (100_000_000, "amount_too_large")]
)
def test_amounts_have_bounds(client, amount, code):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.payment_intents.create({"amount": amount, "currency": "eur"})
    assert refusal.value.code == code
