"""Webhooks: forged, stale, repeated, reordered, early and missing ones end in one state."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from django.test import Client

from shop.payments.models import CardSetup, LedgerTransaction, Payment, SavedCard, WebhookEvent
from shop.payments.services.cards import start_card_setup
from shop.payments.services.charges import start_payment
from tests.factories.shop import UserFactory
from tests.shop.payments.conftest import Heard
from tests.shop.payments.paying import DECLINED, VISA, confirm, deliver, next_of
from tests.shop.payments.sandbox.running import WEBHOOK_SECRET, Receiver, RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)
Owe = Callable[..., Payment]
SUCCEEDED = "payment_intent.succeeded"


def signed(body: bytes, *, secret: str = WEBHOOK_SECRET, at: float | None = None) -> dict[str, str]:
    moment = int(at or time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{moment}.{body.decode()}", secret)
    return {"Stripe-Signature": f"t={moment},v1={signature}"}


def test_a_webhook_settles_a_payment_whose_page_was_closed(
    client: Client,
    owe: Owe,
    heard: Heard,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    assert deliver(client, next_of(stripe_webhooks, SUCCEEDED)) == 200
    assert heard.succeeded == [payment.pk]


def test_a_webhook_sent_again_changes_nothing(
    client: Client,
    owe: Owe,
    heard: Heard,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    webhook = next_of(stripe_webhooks, SUCCEEDED)
    assert [deliver(client, webhook) for _ in range(3)] == [200, 200, 200]
    assert heard.succeeded == [payment.pk]
    assert LedgerTransaction.objects.count() == 1


def test_an_old_refusal_that_comes_after_the_success_changes_nothing(
    client: Client,
    owe: Owe,
    heard: Heard,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret, DECLINED)
    refusal = next_of(stripe_webhooks, "payment_intent.payment_failed")
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret, VISA)
    success = next_of(stripe_webhooks, SUCCEEDED)

    assert [deliver(client, success), deliver(client, refusal)] == [200, 200]
    assert Payment.objects.get().state == Payment.State.SUCCEEDED
    assert (heard.succeeded, heard.failed) == ([payment.pk], [])


def test_a_webhook_that_comes_before_our_own_answer_settles(
    client: Client,
    owe: Owe,
    heard: Heard,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    Payment.objects.update(stripe_payment_intent_id=None, state=Payment.State.CREATED)
    assert deliver(client, next_of(stripe_webhooks, SUCCEEDED)) == 200
    assert heard.succeeded == [payment.pk]


def test_a_webhook_whose_handling_broke_off_is_handled_when_it_comes_again(
    client: Client,
    owe: Owe,
    heard: Heard,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    webhook = next_of(stripe_webhooks, SUCCEEDED)
    stripe_sandbox.turn("faults", method="GET", path="/v1/payment_intents/*", action="500", count=3)
    assert deliver(client, webhook) == 503
    assert heard.succeeded == []
    assert WebhookEvent.objects.get(type=SUCCEEDED).finished_at is None

    assert deliver(client, webhook) == 200
    assert heard.succeeded == [payment.pk]


def test_what_a_webhook_claims_is_looked_up_at_stripe(
    client: Client, owe: Owe, heard: Heard, stripe_sandbox: RunningSandbox
) -> None:
    payment = owe()
    start = start_payment(payment_id=payment.pk)
    body = json.dumps(
        {
            "id": "evt_1",
            "type": SUCCEEDED,
            "data": {"object": {"id": start.intent_id, "status": "succeeded", "metadata": {}}},
        }
    ).encode()
    assert deliver(client, (body, signed(body))) == 200
    assert heard.succeeded == []


@pytest.mark.parametrize(
    ("secret", "age"), [("whsec_of_somebody_else", 0), (WEBHOOK_SECRET, 301)], ids=["forged", "old"]
)
def test_a_forged_or_stale_webhook_is_refused_and_leaves_no_trace(
    secret: str, age: int, client: Client, stripe_sandbox: RunningSandbox
) -> None:
    body = b'{"id": "evt_1", "type": "payment_intent.succeeded"}'
    assert deliver(client, (body, signed(body, secret=secret, at=time.time() - age))) == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"id": 1}', b"\xff\xfe"])
def test_a_webhook_that_is_no_event_is_refused(
    body: bytes, client: Client, stripe_sandbox: RunningSandbox
) -> None:
    headers = {"Stripe-Signature": "t=1,v1=00"} if body == b"\xff\xfe" else signed(body)
    assert deliver(client, (body, headers)) == 400


def test_a_webhook_without_a_signature_is_refused(client: Client) -> None:
    answer = client.post("/webhooks/stripe/", data=b"{}", content_type="application/json")
    assert answer.status_code == 400


def test_a_webhook_keeps_the_card_of_a_page_that_was_closed(
    client: Client, stripe_sandbox: RunningSandbox, stripe_webhooks: Receiver
) -> None:
    user: Any = UserFactory()
    start = start_card_setup(user=user)
    confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret)
    assert deliver(client, next_of(stripe_webhooks, "setup_intent.succeeded")) == 200
    assert SavedCard.objects.get().user == user
    assert CardSetup.objects.get().state == CardSetup.State.SUCCEEDED
