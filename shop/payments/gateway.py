"""The one door to Stripe, or to the Stripe sandbox: the same client, another address.

Every call that creates something carries our row's id as its idempotency key, so that repeating it
after a lost answer finds what the first one made. No call may happen inside a transaction.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import stripe
import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shop.payments.errors import StripeUnreachableError, WebhookRefusedError

logger = structlog.get_logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class CardFacts:
    """What Stripe tells of a card."""

    id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    fingerprint: str


@dataclass(frozen=True)
class Intent:
    """A SetupIntent or PaymentIntent as it now stands.

    Attributes:
        id: Stripe's.
        status: Stripe's word.
        client_secret: for the browser that confirms it.
        amount_received: minor units paid; zero for a SetupIntent.
        card: facts of its card, where it was asked for.
        payment_id: our payment's id, from its metadata.
        failure_code: of the last refusal, empty if none.
        failure_message: of the last refusal, in Stripe's words.
        decline_code: the bank's reason of it, empty if it gave none.
        advice_code: what the card network advises: ``try_again_later``, ``do_not_try_again`` or
            ``confirm_card_data``; empty if nothing.
        failed_charge: Stripe's name of the refused try, empty where the bank was not asked.
        redirect_url: where its owner must confirm it, empty if nowhere.
    """

    id: str
    status: str
    client_secret: str
    amount_received: int = 0
    card: CardFacts | None = None
    payment_id: str = ""
    failure_code: str = ""
    failure_message: str = ""
    decline_code: str = ""
    advice_code: str = ""
    failed_charge: str = ""
    redirect_url: str = ""


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=settings.STRIPE_TIMEOUT_SECONDS),
    )


def call(act: Callable[[stripe.StripeClient], T]) -> T:
    """Call Stripe; card refusals and refused requests are the caller's to understand.

    Raises:
        StripeUnreachableError: no answer, or one that says Stripe itself failed.
        transaction.TransactionManagementError: inside a transaction.
    """
    if transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Stripe is never called in a transaction")
    try:
        return act(_client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE))
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        logger.warning("stripe_unreachable", error=type(error).__name__)
        raise StripeUnreachableError(
            _("Our payment provider did not answer. Nothing is lost: please try again.")
        ) from error


def _card(method: Any) -> CardFacts | None:
    if method is None or isinstance(method, str) or method.card is None:
        return None
    card = method.card
    return CardFacts(
        id=method.id,
        brand=card.brand,
        last4=card.last4,
        exp_month=card.exp_month,
        exp_year=card.exp_year,
        fingerprint=card.fingerprint or "",
    )


def intent_of(found: Any, *, error: Any = None) -> Intent:
    """Return what the shop wants to know of an intent; ``error`` is what refused it just now."""
    action = getattr(found, "next_action", None)
    redirect = getattr(action, "redirect_to_url", None) if action else None
    problem = error or getattr(found, "last_payment_error", None)
    problem = problem or getattr(found, "last_setup_error", None)
    metadata = found.metadata.to_dict() if found.metadata else {}
    return Intent(
        id=found.id,
        status=found.status,
        client_secret=found.client_secret or "",
        amount_received=getattr(found, "amount_received", 0) or 0,
        card=_card(getattr(found, "payment_method", None)),
        payment_id=metadata.get("payment_id", ""),
        failure_code=(getattr(problem, "code", "") or "") if problem else "",
        failure_message=(getattr(problem, "message", "") or "") if problem else "",
        decline_code=(getattr(problem, "decline_code", "") or "") if problem else "",
        advice_code=(getattr(problem, "advice_code", "") or "") if problem else "",
        failed_charge=(getattr(problem, "charge", "") or "") if problem else "",
        redirect_url=(redirect.url if redirect else "") or "",
    )


def create_customer(*, user_id: int, email: str, name: str) -> str:
    """Make a user known to Stripe and return Stripe's id of her."""
    # Of all that is sent: a key repeated with other words would be refused.
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.PUBLIC_URL}/{user_id}/{email}/{name}")
    made = call(
        lambda client: client.v1.customers.create(
            {"email": email, "name": name, "metadata": {"user_id": str(user_id)}},
            {"idempotency_key": f"customer-{key}"},
        )
    )
    return str(made.id)


def delete_customer(customer_id: str) -> None:
    """Have Stripe forget a person and her cards; one it does not know is forgotten already."""
    try:
        call(lambda client: client.v1.customers.delete(customer_id))
    except stripe.InvalidRequestError as error:
        logger.info("customer_was_deleted_before", code=error.code)


def create_setup_intent(*, setup_id: uuid.UUID, customer: str) -> Intent:
    """Begin saving a card for payments its owner is not present at."""
    fields: Any = {
        "customer": customer,
        "usage": "off_session",
        "payment_method_types": ["card"],
        "metadata": {"setup_id": str(setup_id)},
    }
    return intent_of(
        call(
            lambda client: client.v1.setup_intents.create(
                fields, {"idempotency_key": f"setup-{setup_id}"}
            )
        )
    )


def retrieve_setup_intent(intent_id: str) -> Intent:
    """Return a SetupIntent with its card's facts."""
    return intent_of(
        call(
            lambda client: client.v1.setup_intents.retrieve(
                intent_id, {"expand": ["payment_method"]}
            )
        )
    )


def cancel_setup_intent(intent_id: str) -> None:
    """Have Stripe take no further card for an intent; one past cancelling stays as it is."""
    try:
        call(lambda client: client.v1.setup_intents.cancel(intent_id))
    except stripe.InvalidRequestError as error:
        logger.info("setup_was_past_cancelling", code=error.code)


def detach_card(method_id: str) -> None:
    """Have Stripe forget a card; one it does not know is forgotten already."""
    try:
        call(lambda client: client.v1.payment_methods.detach(method_id))
    except stripe.InvalidRequestError as error:
        logger.info("card_was_detached_before", code=error.code)


def create_payment_intent(
    *,
    payment_id: uuid.UUID,
    amount: int,
    currency: str,
    customer: str,
    purpose: str,
    off_session_card: str = "",
    attempt: str = "",
) -> Intent:
    """Make a PaymentIntent, or find the one made before under this payment's id.

    Args:
        payment_id: our row, also the idempotency key.
        amount: minor units.
        currency: ISO 4217.
        customer: Stripe's id.
        purpose: kept with it, for people who look at Stripe's dashboard.
        off_session_card: confirm at once with this saved card, its owner being away.
        attempt: a part of the idempotency key, where an earlier try is known to have made none.

    Returns:
        The intent; a refused card is an intent with a ``failure_code``, no error.
    """
    key = f"payment-{payment_id}-{attempt}" if attempt else f"payment-{payment_id}"
    fields: Any = {
        "amount": amount,
        "currency": currency.lower(),
        "customer": customer,
        "payment_method_types": ["card"],
        "metadata": {"payment_id": str(payment_id), "purpose": purpose},
    }
    if off_session_card:
        fields |= {"payment_method": off_session_card, "confirm": True, "off_session": True}
    return or_refusal(
        lambda client: client.v1.payment_intents.create(fields, {"idempotency_key": key})
    )


def confirm_payment_intent(intent_id: str, *, card: str, return_url: str) -> Intent:
    """Confirm an intent with a saved card while its owner is here.

    Returns:
        The intent; with a ``redirect_url`` where her bank asks her first.
    """
    return or_refusal(
        lambda client: client.v1.payment_intents.confirm(
            intent_id, {"payment_method": card, "return_url": return_url}
        )
    )


def confirm_off_session(intent_id: str, *, card: str, attempt: str) -> Intent:
    """Ask a saved card once more for an intent that was refused, its owner being away.

    Args:
        intent_id: Stripe's.
        card: Stripe's name of the card.
        attempt: names this try; the same one repeated asks the bank once.
    """
    return or_refusal(
        lambda client: client.v1.payment_intents.confirm(
            intent_id,
            {"payment_method": card, "off_session": True},
            {"idempotency_key": f"attempt-{intent_id}-{attempt}"},
        )
    )


def or_refusal(act: Callable[[stripe.StripeClient], Any]) -> Intent:
    """Call Stripe for an intent; a refused card is an intent with a ``failure_code``, no error."""
    try:
        return intent_of(call(act))
    except stripe.CardError as error:
        refused = getattr(error.error, "payment_intent", None)
        if refused is None:
            raise
        return intent_of(refused, error=error.error)


def retrieve_payment_intent(intent_id: str) -> Intent:
    """Return a PaymentIntent as it now stands."""
    return intent_of(call(lambda client: client.v1.payment_intents.retrieve(intent_id)))


def find_payment_intent(*, payment_id: uuid.UUID, customer: str, since: datetime) -> Intent | None:
    """Return the intent made for a payment whose answer was lost, or nothing if there is none.

    Args:
        payment_id: ours, which the intent carries in its metadata.
        customer: Stripe's id of who pays.
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
    intents = (intent_of(each) for each in found)
    return next((each for each in intents if each.payment_id == str(payment_id)), None)


def cancel_payment_intent(intent_id: str) -> Intent:
    """Cancel an intent; one that is past cancelling is returned as it stands."""
    try:
        return intent_of(call(lambda client: client.v1.payment_intents.cancel(intent_id)))
    except stripe.InvalidRequestError:
        return retrieve_payment_intent(intent_id)


@dataclass(frozen=True)
class RefundResult:
    """A refund at Stripe.

    Attributes:
        id: Stripe's; empty where it refused to make one.
        status: Stripe's word.
        failure: why it failed, empty if it did not.
        amount: minor units.
        intent_id: of the payment it is of.
        refund_id: ours, from its metadata; empty where it was made elsewhere.
        moves_money: whether Stripe's balance knows of it; a hold that is let go is a refund too.
    """

    id: str
    status: str
    failure: str = ""
    amount: int = 0
    intent_id: str = ""
    refund_id: str = ""
    moves_money: bool = True


def create_refund(*, refund_id: uuid.UUID, intent_id: str, amount: int) -> RefundResult:
    """Give ``amount`` minor units of a paid intent back, once for each refund id."""
    try:
        made = call(
            lambda client: client.v1.refunds.create(
                {
                    "payment_intent": intent_id,
                    "amount": amount,
                    "metadata": {"refund_id": str(refund_id)},
                },
                {"idempotency_key": f"refund-{refund_id}"},
            )
        )
    except stripe.InvalidRequestError as error:
        return RefundResult(id="", status="failed", failure=str(error.user_message or error.code))
    return refund_of(made)


def retrieve_refund(refund_id: str) -> RefundResult:
    """Return a refund as it now stands."""
    return refund_of(call(lambda client: client.v1.refunds.retrieve(refund_id)))


def refund_of(found: Any) -> RefundResult:
    """Return what the shop wants to know of a refund."""
    metadata = found.metadata.to_dict() if found.metadata else {}
    return RefundResult(
        id=found.id,
        status=found.status or "pending",
        failure=getattr(found, "failure_reason", None) or "",
        amount=found.amount,
        intent_id=str(found.payment_intent or ""),
        refund_id=metadata.get("refund_id", ""),
        moves_money=found.balance_transaction is not None,
    )


def read_webhook(*, payload: bytes, signature: str) -> dict[str, Any]:
    """Return the event of a webhook, after checking Stripe's signature and its age.

    Raises:
        WebhookRefusedError: forged, older than five minutes, or no event.
    """
    try:
        stripe.WebhookSignature.verify_header(
            payload.decode(), signature, settings.STRIPE_WEBHOOK_SECRET, tolerance=300
        )
        body = json.loads(payload)
    except (stripe.SignatureVerificationError, ValueError, UnicodeDecodeError) as error:
        raise WebhookRefusedError(_("This webhook is not signed by us, or too old.")) from error
    named = isinstance(body, dict) and all(
        isinstance(body.get(name), str) for name in ("id", "type")
    )
    if not named:
        raise WebhookRefusedError(_("This webhook is no event."))
    event: dict[str, Any] = body
    return event
