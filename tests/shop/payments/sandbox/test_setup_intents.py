"""SetupIntents: kept cards, 3-D Secure on the way, cancelled and repeated."""

import pytest
import stripe

from tests.shop.payments.sandbox.acts import answer_3ds, keep, pay
from tests.shop.payments.sandbox.running import RETURN_URL


def test_a_new_intent_waits_for_a_card_and_keeps_it_for_off_session_use(client, customer):
    intent = client.setup_intents.create({"customer": customer.id, "metadata": {"user": "7"}})
    assert intent.status == "requires_payment_method"
    assert intent.usage == "off_session"
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    assert intent.metadata.to_dict() == {"user": "7"}
    assert intent.automatic_payment_methods.enabled
    done = client.setup_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa", "return_url": RETURN_URL}
    )
    assert done.status == "succeeded"
    [kept] = client.customers.payment_methods.list(customer.id).data
    assert kept.id == done.payment_method


def test_automatic_methods_need_a_return_url_when_the_merchant_confirms(client, customer):
    with pytest.raises(stripe.InvalidRequestError, match="return_url") as refusal:
        client.setup_intents.create(
            {"customer": customer.id, "payment_method": "pm_card_visa", "confirm": True}
        )
    assert refusal.value.param == "return_url"
    assert client.setup_intents.list().data == []
    assert client.payment_methods.list().data == []


def test_completed_authentication_sets_the_card_up_for_off_session_payments(client, customer):
    intent = keep(client, customer, "pm_card_authenticationRequiredOnSetup")
    assert client.customers.payment_methods.list(customer.id).data == []
    back = answer_3ds(intent, "complete")
    assert back == (
        f"{RETURN_URL}?setup_intent={intent.id}&setup_intent_client_secret={intent.client_secret}"
        "&redirect_status=succeeded"
    )
    done = client.setup_intents.retrieve(intent.id)
    assert (done.status, done.next_action) == ("succeeded", None)
    paid = pay(client, done.payment_method, customer=customer.id, off_session=True)
    assert paid.status == "succeeded"
    on_session = pay(client, done.payment_method, customer=customer.id, return_url=RETURN_URL)
    assert on_session.status == "requires_action"


def test_the_card_that_always_asks_is_declined_off_session_though_set_up(client, customer):
    intent = keep(client, customer, "pm_card_authenticationRequired")
    answer_3ds(intent, "complete")
    method = client.setup_intents.retrieve(intent.id).payment_method
    with pytest.raises(stripe.CardError) as refusal:
        pay(client, method, customer=customer.id, off_session=True)
    assert refusal.value.code == "authentication_required"


def test_a_card_may_be_set_up_and_still_lack_funds(client, customer):
    name = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    intent = keep(client, customer, name)
    answer_3ds(intent, "complete")
    method = client.setup_intents.retrieve(intent.id).payment_method
    with pytest.raises(stripe.CardError) as refusal:
        pay(client, method, customer=customer.id, off_session=True)
    assert refusal.value.error.decline_code == "insufficient_funds"


def test_failed_authentication_leaves_the_intent_open_for_another_card(client, customer):
    intent = keep(client, customer, "pm_card_threeDSecure2Required")
    assert answer_3ds(intent, "fail").endswith("&redirect_status=failed")
    failed = client.setup_intents.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_setup_error.code == "setup_intent_authentication_failure"
    again = client.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (again.status, again.last_setup_error) == ("succeeded", None)


def test_a_finished_intent_refuses_to_be_confirmed_or_cancelled(client, customer):
    intent = keep(client, customer, "pm_card_visa")
    for act in (client.setup_intents.confirm, client.setup_intents.cancel):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            act(intent.id)
        assert refusal.value.code == "setup_intent_unexpected_state"
        assert refusal.value.error.setup_intent.id == intent.id


def test_a_cancelled_intent_says_why(client):
    intent = client.setup_intents.create({})
    gone = client.setup_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")


def test_an_intent_without_card_cannot_be_confirmed(client):
    intent = client.setup_intents.create({})
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        client.setup_intents.confirm(intent.id, {"return_url": RETURN_URL})
