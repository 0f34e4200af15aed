"""Webhooks: signed, sent for every event, repeated until they are taken."""

import json
import socket
import time

import pytest
import stripe

from tests.shop.payments.sandbox.acts import keep, pay
from tests.shop.payments.sandbox.running import (
    WEBHOOK_SECRET,
    Receiver,
    RunningSandbox,
    eventually,
)


def test_a_webhook_carries_the_event_with_a_signature_the_client_accepts(client, receiver):
    customer = client.customers.create({"name": "Ada"}, {"idempotency_key": "ada"})
    body, headers = receiver.next()
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], WEBHOOK_SECRET)
    assert event.type == "customer.created"
    assert event.data.object.id == customer.id
    assert event.request.idempotency_key == "ada"
    assert event.api_version == stripe.api_version
    assert client.events.retrieve(event.id).data.object.name == "Ada"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_other")


def test_signatures_are_of_the_real_time_whatever_the_sandboxes_clock_says(
    sandbox, client, receiver
):
    sandbox.turn("clock", advance=86400 * 30)
    client.customers.create({})
    body, headers = receiver.next()
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], WEBHOOK_SECRET)
    assert event.created > time.time() + 86400 * 29


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (
            lambda client, customer: keep(client, customer, "pm_card_visa"),
            {"setup_intent.created", "payment_method.attached", "setup_intent.succeeded"},
        ),
        (
            lambda client, customer: keep(client, customer, "pm_card_threeDSecure2Required"),
            {"setup_intent.created", "setup_intent.requires_action"},
        ),
        (
            lambda client, customer: pay(client, "pm_card_visa"),
            {"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"},
        ),
        (
            lambda client, customer: pay(client, "pm_card_visa", capture_method="manual"),
            {
                "payment_intent.created",
                "charge.succeeded",
                "payment_intent.amount_capturable_updated",
            },
        ),
        (
            lambda client, customer: pay(client, "pm_card_threeDSecure2Required"),
            {"payment_intent.created", "payment_intent.requires_action"},
        ),
    ],
)
def test_each_step_has_its_events(client, customer, receiver, act, expected):
    assert receiver.types(1) == ["customer.created"]
    act(client, customer)
    assert set(receiver.types(len(expected))) == expected


def test_failures_captures_refunds_and_cancellations_are_told_too(client, receiver):
    with pytest.raises(stripe.CardError):
        pay(client, "pm_card_chargeDeclined")
    assert set(receiver.types(3)) == {
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    }
    held = pay(client, "pm_card_visa", capture_method="manual")
    receiver.types(3)
    client.payment_intents.capture(held.id)
    assert set(receiver.types(2)) == {"charge.captured", "payment_intent.succeeded"}
    client.refunds.create({"payment_intent": held.id})
    assert set(receiver.types(2)) == {"refund.created", "charge.refunded"}
    open_intent = client.payment_intents.create({"amount": 500, "currency": "eur"})
    client.payment_intents.cancel(open_intent.id)
    assert set(receiver.types(2)) == {"payment_intent.created", "payment_intent.canceled"}


def test_a_refused_webhook_is_sent_again_after_a_second(sandbox, client, receiver):
    receiver.answers[:] = [500]
    client.customers.create({})
    first, _ = receiver.next()
    started = time.monotonic()
    second, _ = receiver.next()
    assert 0.8 < time.monotonic() - started < 2.5
    assert json.loads(first)["id"] == json.loads(second)["id"]
    assert eventually(lambda: sandbox.look("deliveries")["data"][0]["state"] == "delivered")
    [delivery] = sandbox.look("deliveries")["data"]
    assert (delivery["attempts"], delivery["status"]) == (2, 200)


def test_undelivered_webhooks_survive_a_kill_and_reach_the_address_of_the_next_start(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    running = RunningSandbox(tmp_path / "state", webhook_url=nowhere)
    receiver = Receiver()
    try:
        client = running.stripe()
        intent = pay(client, "pm_card_visa")
        running.kill()
        running.webhook_url = receiver.url
        running.start()
        kept = running.stripe().payment_intents.retrieve(intent.id)
        assert kept.status == "succeeded"
        assert set(receiver.types(3, within=8)) == {
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
        }
    finally:
        assert running.stop() == 0
        receiver.close()


def test_a_slow_endpoint_holds_up_neither_the_api_nor_another_endpoint(sandbox, client, receiver):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        made = client.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
        started = time.monotonic()
        for _ in range(80):
            client.customers.create({})
        assert receiver.types(80) == ["customer.created"] * 80
        assert time.monotonic() - started < 6
        client.webhook_endpoints.delete(made.id)


def test_an_endpoint_of_its_own_hears_what_it_asked_for_with_its_own_secret(client, receiver):
    other = Receiver()
    made = client.webhook_endpoints.create(
        {"url": other.url, "enabled_events": ["payment_intent.succeeded"]}
    )
    pay(client, "pm_card_visa")
    body, headers = other.next()
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], made.secret)
    assert event.type == "payment_intent.succeeded"
    assert other.arrived.empty()
    assert not hasattr(client.webhook_endpoints.retrieve(made.id), "secret")
    client.webhook_endpoints.update(made.id, {"disabled": True})
    pay(client, "pm_card_visa")
    receiver.types(6)
    assert other.arrived.empty()
    other.close()


def test_webhooks_can_be_lost_doubled_and_mixed_up(sandbox, client, receiver):
    sandbox.turn("webhook_faults", action="drop", type="customer.*")
    sandbox.turn("webhook_faults", action="duplicate", type="payment_intent.created")
    client.customers.create({})
    client.payment_intents.create({"amount": 500, "currency": "eur"})
    assert receiver.types(2) == ["payment_intent.created"] * 2
    assert receiver.arrived.empty()

    sandbox.turn("webhook_faults", action="reorder", count=3)
    pay(client, "pm_card_visa")
    assert receiver.types(3) == [
        "payment_intent.succeeded",
        "charge.succeeded",
        "payment_intent.created",
    ]

    sandbox.turn("webhook_faults", action="delay", seconds=0.5)
    started = time.monotonic()
    client.customers.create({})
    receiver.next()
    assert time.monotonic() - started > 0.45
    assert sandbox.look("faults")["data"] == []
