"""Holds at Stripe: PaymentIntents that are captured by hand."""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe

from shop.payments.gateway import Intent, call, intent_of, or_refusal

EXPANDED: Any = {"expand": ["latest_charge"]}


@dataclass(frozen=True)
class HeldIntent:
    """A hold as Stripe knows it.

    Attributes:
        intent: its PaymentIntent.
        capture_before: until when the bank keeps it, if it is held and Stripe says so.
    """

    intent: Intent
    capture_before: datetime | None


def create_hold(
    *, hold_id: uuid.UUID, amount: int, currency: str, customer: str, purpose: str, card: str
) -> HeldIntent:
    """Have a saved card's bank hold an amount, its owner being away; once for each hold id.

    Args:
        hold_id: our row, also the idempotency key.
        amount: minor units.
        currency: ISO 4217.
        customer: Stripe's id.
        purpose: kept with it, for people who look at Stripe's dashboard.
        card: Stripe's id of the card.

    Returns:
        The hold; a refused card is one with a ``failure_code``, no error.
    """
    fields: Any = {
        "amount": amount,
        "currency": currency.lower(),
        "customer": customer,
        "payment_method_types": ["card"],
        "payment_method": card,
        "capture_method": "manual",
        "confirm": True,
        "off_session": True,
        "metadata": {"hold_id": str(hold_id), "purpose": purpose},
        **EXPANDED,
    }
    intent = or_refusal(
        lambda client: client.v1.payment_intents.create(
            fields, {"idempotency_key": f"hold-{hold_id}"}
        )
    )
    return retrieve_hold(intent.id)


def retrieve_hold(intent_id: str) -> HeldIntent:
    """Return a hold as it now stands."""
    return _held(call(lambda client: client.v1.payment_intents.retrieve(intent_id, EXPANDED)))


def find_hold(*, hold_id: uuid.UUID, customer: str, since: datetime) -> HeldIntent | None:
    """Return the hold whose answer was lost, or nothing if there is none.

    Args:
        hold_id: ours, which the intent carries in its metadata.
        customer: Stripe's id of whose card it is on.
        since: when our row was written; Stripe's clock may go an hour behind.
    """
    earliest = int(since.timestamp()) - 3600
    found = call(
        lambda client: list(
            client.v1.payment_intents.list(
                {"customer": customer, "created": {"gte": earliest}, "limit": 100}
            ).auto_paging_iter()
        )
    )
    for each in found:
        if each.metadata and each.metadata.to_dict().get("hold_id") == str(hold_id):
            return retrieve_hold(each.id)
    return None


def capture_hold(intent_id: str, *, hold_id: uuid.UUID, amount: int) -> HeldIntent:
    """Take ``amount`` minor units of a hold, once; the bank frees the rest.

    Returns:
        The hold; where it cannot be taken any more, as it stands.
    """
    fields: Any = {"amount_to_capture": amount}
    with suppress(stripe.InvalidRequestError):
        call(
            lambda client: client.v1.payment_intents.capture(
                intent_id, fields, {"idempotency_key": f"capture-{hold_id}"}
            )
        )
    return retrieve_hold(intent_id)


def release_hold(intent_id: str) -> HeldIntent:
    """Free a hold; one that is past freeing is returned as it stands."""
    with suppress(stripe.InvalidRequestError):
        call(lambda client: client.v1.payment_intents.cancel(intent_id))
    return retrieve_hold(intent_id)


def _held(found: Any) -> HeldIntent:
    charge = found.latest_charge
    details = getattr(charge, "payment_method_details", None)
    until = getattr(getattr(details, "card", None), "capture_before", None)
    return HeldIntent(
        intent=intent_of(found),
        capture_before=datetime.fromtimestamp(until, UTC) if until else None,
    )
