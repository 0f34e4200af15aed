"""The browser's side: what the publishable key may do, and across which origins."""

import pytest
import requests

from tests.shop.payments.sandbox.acts import pay
from tests.shop.payments.sandbox.running import RETURN_URL

CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[exp_month]": "12",
    "card[exp_year]": "2034",
    "card[cvc]": "123",
    "billing_details[name]": "Ada",
}
PK = "pk_test_123"


def typed(number="4242424242424242"):
    """A card inside a confirmation, as Stripe.js sends it."""
    return {
        "payment_method_data[type]": "card",
        "payment_method_data[card][number]": number,
        "payment_method_data[card][exp_month]": "12",
        "payment_method_data[card][exp_year]": "34",
        "payment_method_data[card][cvc]": "123",
    }


def test_the_card_forms_way_makes_a_method_and_confirms_with_it(sandbox, client, customer):
    intent = client.setup_intents.create({"customer": customer.id})
    method = sandbox.post("/v1/payment_methods", CARD, key=PK).json()
    answer = sandbox.post(
        f"/v1/setup_intents/{intent.id}/confirm",
        {
            "client_secret": intent.client_secret,
            "payment_method": method["id"],
            "return_url": RETURN_URL,
        },
        key=PK,
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "succeeded")
    [kept] = client.customers.payment_methods.list(customer.id).data
    assert (kept.id, kept.billing_details.name) == (method["id"], "Ada")
    assert kept.card.checks.cvc_check == "pass"


def test_stripe_js_way_confirms_with_the_card_itself(sandbox, client):
    intent = client.payment_intents.create({"amount": 14500, "currency": "eur"})
    secret = {"client_secret": intent.client_secret}
    path = f"/v1/payment_intents/{intent.id}"
    answer = sandbox.post(f"{path}/confirm", {**secret, **typed()}, key=PK)
    assert answer.json()["status"] == "succeeded"
    headers = {"Authorization": f"Bearer {PK}"}
    seen = requests.get(sandbox.url + path, params=secret, headers=headers, timeout=5)
    assert seen.json()["status"] == "succeeded"


def test_a_3ds_card_sends_the_browser_to_the_banks_page(sandbox, client):
    intent = client.payment_intents.create({"amount": 14500, "currency": "eur"})
    answer = sandbox.post(
        f"/v1/payment_intents/{intent.id}/confirm",
        {
            "client_secret": intent.client_secret,
            "return_url": RETURN_URL,
            **typed("4000002760003184"),
        },
        key=PK,
    )
    page = answer.json()["next_action"]["redirect_to_url"]["url"]
    assert page.startswith(f"{sandbox.url}/3ds/{intent.id}?")


def test_a_declined_card_is_told_to_the_browser_without_the_merchants_part(sandbox, client):
    intent = client.payment_intents.create(
        {"amount": 14500, "currency": "eur", "metadata": {"secret": "of the merchant"}}
    )
    answer = sandbox.post(
        f"/v1/payment_intents/{intent.id}/confirm",
        {"client_secret": intent.client_secret, **typed("4000000000000002")},
        key=PK,
    )
    assert answer.status_code == 402
    error = answer.json()["error"]
    assert error["decline_code"] == "generic_decline"
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert "of the merchant" not in answer.text


def test_the_browsers_key_needs_the_intents_secret(sandbox, client):
    intent = client.payment_intents.create({"amount": 14500, "currency": "eur"})
    path = f"/v1/payment_intents/{intent.id}"
    headers = {"Authorization": f"Bearer {PK}"}
    assert requests.get(sandbox.url + path, headers=headers, timeout=5).status_code == 400
    wrong = {"client_secret": f"{intent.id}_secret_guess"}
    answer = sandbox.post(f"{path}/confirm", {**wrong, **typed()}, key=PK)
    assert answer.json()["error"]["code"] == "payment_intent_invalid_parameter"
    assert client.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_the_browsers_key_sees_less_and_expands_nothing_of_the_customer(sandbox, client, customer):
    intent = client.payment_intents.create(
        {"amount": 500, "currency": "eur", "customer": customer.id, "metadata": {"a": "b"}}
    )
    params = {"client_secret": intent.client_secret}
    headers = {"Authorization": f"Bearer {PK}"}
    url = f"{sandbox.url}/v1/payment_intents/{intent.id}"
    seen = requests.get(url, params=params, headers=headers, timeout=5).json()
    assert not {"customer", "metadata", "latest_charge"} & seen.keys()
    params["expand[]"] = "payment_method.customer"
    assert requests.get(url, params=params, headers=headers, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/customers"),
        ("GET", "/v1/customers"),
        ("POST", "/v1/payment_intents"),
        ("GET", "/v1/payment_intents"),
        ("POST", "/v1/payment_intents/{intent}"),
        ("POST", "/v1/payment_intents/{intent}/capture"),
        ("POST", "/v1/payment_intents/{intent}/cancel"),
        ("POST", "/v1/setup_intents"),
        ("POST", "/v1/refunds"),
        ("GET", "/v1/charges"),
        ("GET", "/v1/events"),
        ("GET", "/v1/balance"),
        ("GET", "/v1/payment_methods"),
        ("POST", "/v1/webhook_endpoints"),
    ],
)
def test_everything_else_refuses_the_browsers_key(sandbox, client, method, path):
    held = pay(client, "pm_card_visa", capture_method="manual")
    answer = requests.request(
        method,
        sandbox.url + path.format(intent=held.id),
        headers={"Authorization": f"Bearer {PK}"},
        timeout=5,
    )
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "secret_key_required"
    assert client.payment_intents.retrieve(held.id).status == "requires_capture"


def preflight(sandbox, path, method="POST"):
    return requests.options(
        sandbox.url + path,
        headers={
            "Origin": "http://127.0.0.1:8000",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type",
        },
        timeout=5,
    )


@pytest.mark.parametrize(
    "path",
    [
        "/v1/payment_methods",
        "/v1/setup_intents/seti_1/confirm",
        "/v1/payment_intents/pi_1/confirm",
    ],
)
def test_other_origins_may_call_what_the_browsers_key_may(sandbox, path):
    answer = preflight(sandbox, path)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    refused = sandbox.post(path, {}, key=PK)
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/refunds", "/_sandbox/reset"])
def test_other_origins_may_call_nothing_else(sandbox, client, path):
    assert "Access-Control-Allow-Origin" not in preflight(sandbox, path).headers
    assert "Access-Control-Allow-Origin" not in sandbox.post(path, {}).headers


def test_a_page_of_another_origin_cannot_turn_the_sandbox(sandbox, client, customer):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = requests.post(
            f"{sandbox.url}/_sandbox/reset",
            data="{}",
            headers={"Content-Type": kind},
            timeout=5,
        )
        assert answer.status_code == 400
    assert client.customers.retrieve(customer.id).id == customer.id
