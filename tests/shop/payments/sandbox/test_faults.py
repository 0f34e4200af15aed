"""Ordered faults: each once, before the effect or after it; and the log of what was asked."""

import time

import pytest
import requests
import stripe

PATH = "/v1/payment_intents"
FIELDS = {"amount": 500, "currency": "eur"}


@pytest.mark.parametrize(
    ("action", "error"),
    [
        ("500", stripe.APIError),
        ("429", stripe.RateLimitError),
        ("drop", stripe.APIConnectionError),
    ],
)
@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_fault_strikes_once_before_or_after_the_effect(
    sandbox, client, action, error, when, made
):
    sandbox.turn("faults", action=action, when=when, method="POST", path=PATH)
    assert client.payment_intents.list().data == []
    with pytest.raises(error):
        client.payment_intents.create(FIELDS)
    assert len(client.payment_intents.list().data) == made
    assert client.payment_intents.create(FIELDS).status == "requires_payment_method"


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_request_may_hang_until_its_client_gives_up(sandbox, client, when, made):
    sandbox.turn("faults", action="timeout", when=when, seconds=1, path=PATH)
    impatient = sandbox.stripe(http_client=stripe.RequestsClient(timeout=0.2))
    started = time.monotonic()
    with pytest.raises(stripe.APIConnectionError):
        impatient.payment_intents.create(FIELDS)
    assert time.monotonic() - started < 0.9
    assert len(client.payment_intents.list().data) == made


def test_a_fault_strikes_as_often_as_ordered_where_it_fits(sandbox, client):
    intent = client.payment_intents.create(FIELDS)
    sandbox.turn("faults", action="500", path=f"{PATH}/*/cancel", count=2)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.payment_intents.cancel(intent.id)
        assert client.payment_intents.retrieve(intent.id).status == "requires_payment_method"
    assert sandbox.look("faults")["data"] == []
    assert client.payment_intents.cancel(intent.id).status == "canceled"


def test_ordered_faults_can_be_called_off(sandbox, client):
    sandbox.turn("faults", action="500", count=5)
    requests.delete(f"{sandbox.url}/_sandbox/faults", timeout=5)
    assert client.payment_intents.create(FIELDS).id


@pytest.mark.parametrize(
    "order", [{}, {"action": "explode"}, {"action": "500", "pth": "/v1/x"}, {"action": ""}]
)
def test_a_mistaken_order_is_refused(sandbox, order):
    answer = requests.post(f"{sandbox.url}/_sandbox/faults", json=order, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_requests_are_logged_without_what_was_in_them(sandbox, client):
    client.payment_intents.create(FIELDS, {"idempotency_key": "order-7"})
    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.retrieve("pi_no", {"client_secret": "hush"})
    first, second = sandbox.look("requests")["data"]
    assert first["idempotency_key"] == "order-7"
    assert (first["method"], first["path"], first["status"]) == ("POST", PATH, 200)
    assert (second["path"], second["status"]) == (f"{PATH}/pi_no", 404)
    assert "hush" not in str(second)


def test_the_clock_is_set_or_advanced_and_runs_on(sandbox, client):
    before = sandbox.look("clock")["now"]
    assert sandbox.turn("clock", advance=3600)["offset"] == 3600
    set_to = before + 100_000
    assert sandbox.turn("clock", now=set_to)["now"] - set_to in (0, 1)
    assert client.customers.create({}).created - set_to in (0, 1, 2)
    answer = requests.post(f"{sandbox.url}/_sandbox/clock", json={}, timeout=5)
    assert answer.status_code == 400
