"""What browsers and banks do while somebody pays."""

import json
from typing import Any

import requests

from tests.shop.payments.sandbox.running import Receiver, RunningSandbox

BACK = "http://testserver/back/"
VISA = "pm_card_visa"
DECLINED = "pm_card_chargeDeclined"
DECLINED_LATER = "pm_card_chargeCustomerFail"
ASKS_ALWAYS = "pm_card_authenticationRequired"
REFUND_FAILS = "pm_card_refundFail"
REFUND_PENDING = "pm_card_pendingRefund"
SILENCE = {"method": "POST", "when": "after", "action": "drop", "count": 3}


def confirm(
    sandbox: RunningSandbox, kind: str, intent_id: str, secret: str, method: str = VISA
) -> dict[str, Any]:
    """Confirm an intent with the browser's key, as the card form does."""
    answer = sandbox.post(
        f"/v1/{kind}_intents/{intent_id}/confirm",
        {"client_secret": secret, "payment_method": method, "return_url": BACK},
        key="pk_test_123",
    )
    body: dict[str, Any] = answer.json()
    return body


def answer_bank(url: str, outcome: str = "complete") -> None:
    """Press a button on the bank's 3-D Secure page."""
    answer = requests.post(url, data={"outcome": outcome}, allow_redirects=False, timeout=5)
    assert answer.status_code == 303


def deliver(client: Any, webhook: tuple[bytes, dict[str, str]]) -> int:
    """Hand a webhook that the sandbox sent to the shop; the shop's status."""
    body, headers = webhook
    answer = client.post(
        "/webhooks/stripe/",
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": headers["Stripe-Signature"]},
    )
    status: int = answer.status_code
    return status


def next_of(receiver: Receiver, kind: str) -> tuple[bytes, dict[str, str]]:
    """The next webhook of a type; others before it are dropped."""
    return next_of_each(receiver, kind)[0]


def next_of_each(receiver: Receiver, *kinds: str) -> list[tuple[bytes, dict[str, str]]]:
    """The next webhook of each type, in whichever order they are sent; others are dropped."""
    found: dict[str, tuple[bytes, dict[str, str]]] = {}
    while len(found) < len(kinds):
        webhook = receiver.next()
        kind = json.loads(webhook[0])["type"]
        if kind in kinds:
            found.setdefault(kind, webhook)
    return [found[kind] for kind in kinds]
