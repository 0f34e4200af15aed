"""Every documented test card behaves as its documentation says."""

import pytest
import stripe

from tests.shop.payments.sandbox.acts import keep, pay, typed
from tests.shop.payments.sandbox.running import RETURN_URL

DECLINED = {
    "pm_card_chargeDeclined": ("card_declined", "generic_decline"),
    "pm_card_visa_chargeDeclined": ("card_declined", "generic_decline"),
    "pm_card_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
    "pm_card_visa_chargeDeclinedLostCard": ("card_declined", "lost_card"),
    "pm_card_visa_chargeDeclinedStolenCard": ("card_declined", "stolen_card"),
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": (
        "card_declined",
        "card_velocity_exceeded",
    ),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", "expired_card"),
    "pm_card_chargeDeclinedIncorrectCvc": ("incorrect_cvc", "incorrect_cvc"),
    "pm_card_chargeDeclinedProcessingError": ("processing_error", "processing_error"),
}
NEEDS_3DS = (
    "pm_card_authenticationRequired",
    "pm_card_authenticationRequiredOnSetup",
    "pm_card_authenticationRequiredSetupForOffSession",
    "pm_card_threeDSecure2Required",
    "pm_card_threeDSecureRequired",
)


@pytest.mark.parametrize(
    ("number", "name", "brand"),
    [
        ("4242424242424242", "pm_card_visa", "visa"),
        ("5555555555554444", "pm_card_mastercard", "mastercard"),
        ("378282246310005", "pm_card_amex", "amex"),
        ("6011111111111117", "pm_card_discover", "discover"),
    ],
)
def test_a_good_card_pays_by_name_and_by_number(client, number, name, brand):
    by_number = client.payment_methods.create(typed(number))
    assert by_number.card.brand == brand
    assert by_number.card.last4 == number[-4:]
    assert pay(client, name).status == "succeeded"
    assert pay(client, by_number.id).status == "succeeded"


def test_one_card_number_always_has_the_same_fingerprint(client):
    prints = {client.payment_methods.create(typed("4242424242424242")).card.fingerprint}
    prints.add(client.payment_methods.create(typed("4242 4242 4242 4242")).card.fingerprint)
    prints.add(client.payment_methods.retrieve("pm_card_visa").card.fingerprint)
    assert len(prints) == 1
    other = client.payment_methods.create(typed("5555555555554444")).card.fingerprint
    assert other not in prints


@pytest.mark.parametrize(("method", "expected"), DECLINED.items())
def test_a_declined_card_answers_402_and_leaves_an_intent_without_method(client, method, expected):
    with pytest.raises(stripe.CardError) as refusal:
        pay(client, method)
    error = refusal.value
    assert (error.http_status, error.code, error.error.decline_code) == (402, *expected)
    intent = client.payment_intents.retrieve(error.error.payment_intent.id)
    assert intent.status == "requires_payment_method"
    assert intent.payment_method is None
    assert intent.last_payment_error.code == expected[0]
    assert intent.last_payment_error.payment_method.type == "card"
    charge = client.charges.retrieve(intent.latest_charge)
    assert (charge.status, charge.paid, charge.failure_code) == ("failed", False, expected[0])
    assert error.error.charge == charge.id


@pytest.mark.parametrize(("method", "expected"), DECLINED.items())
def test_a_declined_card_can_neither_be_attached_nor_set_up(client, customer, method, expected):
    with pytest.raises(stripe.CardError) as refusal:
        client.payment_methods.attach(method, {"customer": customer.id})
    assert (refusal.value.code, refusal.value.error.decline_code) == expected
    with pytest.raises(stripe.CardError) as refusal:
        keep(client, customer, method)
    intent = refusal.value.error.setup_intent
    assert intent.status == "requires_payment_method"
    assert intent.last_setup_error.code == expected[0]
    assert client.customers.payment_methods.list(customer.id).data == []


def test_the_attaching_card_is_kept_but_never_pays(client, customer):
    kept = keep(client, customer, "pm_card_chargeCustomerFail")
    assert kept.status == "succeeded"
    with pytest.raises(stripe.CardError) as refusal:
        pay(client, kept.payment_method, customer=customer.id, off_session=True)
    assert refusal.value.code == "card_declined"


def test_radar_blocks_its_card(client):
    with pytest.raises(stripe.CardError) as refusal:
        pay(client, "pm_card_radarBlock")
    assert refusal.value.error.decline_code == "fraudulent"
    charge = client.charges.retrieve(refusal.value.error.charge)
    assert charge.outcome.type == "blocked"


@pytest.mark.parametrize("method", NEEDS_3DS)
def test_a_3ds_card_asks_for_authentication_on_session_and_when_set_up(client, customer, method):
    intent = pay(client, method, return_url=RETURN_URL)
    assert intent.status == "requires_action"
    assert intent.next_action.type == "redirect_to_url"
    assert intent.next_action.redirect_to_url.return_url == RETURN_URL
    assert keep(client, customer, method).status == "requires_action"


def test_without_a_return_url_the_action_is_left_to_the_browser(client):
    assert pay(client, "pm_card_threeDSecure2Required").next_action.type == "use_stripe_sdk"


@pytest.mark.parametrize(
    "method", ["pm_card_authenticationRequired", "pm_card_authenticationRequiredOnSetup"]
)
def test_off_session_a_card_not_set_up_is_declined_for_authentication(client, customer, method):
    attached = client.payment_methods.attach(method, {"customer": customer.id})
    with pytest.raises(stripe.CardError) as refusal:
        pay(client, attached.id, customer=customer.id, off_session=True)
    error = refusal.value.error
    assert (error.code, error.decline_code) == ("authentication_required",) * 2
    assert error.payment_method.id == attached.id
    assert error.payment_intent.status == "requires_payment_method"


@pytest.mark.parametrize(
    "method",
    ["pm_card_authenticationRequiredSetupForOffSession", "pm_card_visa", "pm_card_mastercard"],
)
def test_off_session_a_card_that_needs_no_set_up_pays(client, customer, method):
    attached = client.payment_methods.attach(method, {"customer": customer.id})
    paid = pay(client, attached.id, customer=customer.id, off_session=True)
    assert paid.status == "succeeded"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "4242424242424241"}, "incorrect_number"),
        ({"number": "4"}, "incorrect_number"),
        ({"exp_month": 13}, "invalid_expiry_month"),
        ({"exp_year": 2020}, "invalid_expiry_year"),
        ({"cvc": "12"}, "invalid_cvc"),
        ({"number": "4111111111111111"}, "card_declined"),
    ],
)
def test_a_mistyped_or_live_card_makes_no_payment_method(client, changes, code):
    with pytest.raises(stripe.CardError) as refusal:
        client.payment_methods.create(typed(**{"number": "4242424242424242", **changes}))
    assert refusal.value.code == code


def test_a_card_used_without_customer_cannot_be_used_again(client, customer):
    method = client.payment_methods.create(typed("4242424242424242"))
    pay(client, method.id)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        pay(client, method.id)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        client.payment_methods.attach(method.id, {"customer": customer.id})


def test_a_card_of_one_customer_pays_for_no_other(client, customer):
    other = client.customers.create({})
    method = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    with pytest.raises(stripe.InvalidRequestError, match="another Customer"):
        pay(client, method.id, customer=other.id)
    with pytest.raises(stripe.InvalidRequestError, match="include the Customer"):
        pay(client, method.id)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.payment_methods.attach(method.id, {"customer": other.id})
    assert refusal.value.code == "payment_method_unexpected_state"


def test_a_detached_card_leaves_its_customer_for_good(client, customer):
    method = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    assert [each.id for each in client.customers.payment_methods.list(customer.id)] == [method.id]
    assert client.payment_methods.detach(method.id).customer is None
    assert client.customers.payment_methods.list(customer.id).data == []
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        client.payment_methods.attach(method.id, {"customer": customer.id})
