"""Webhooks: hints to look again. What Stripe says when asked is what counts."""

import uuid
from typing import Any

import structlog
from django.utils import timezone

from shop.payments import gateway
from shop.payments.models import Payment, WebhookEvent
from shop.payments.services.cards import count_refusal, finish_from_webhook
from shop.payments.services.charges import settle_payment
from shop.payments.services.disputes import note_dispute
from shop.payments.services.refunds import refresh_refund

logger = structlog.get_logger(__name__)

# The third is the older name of the second, which Stripe still sends.
REFUND_EVENTS = frozenset(
    {"refund.created", "refund.updated", "charge.refund.updated", "refund.failed"}
)


def receive_webhook(*, payload: bytes, signature: str) -> bool:
    """Take in one webhook; repeated, late and reordered ones end in the same state.

    Args:
        payload: the body as it came.
        signature: the ``Stripe-Signature`` header.

    Returns:
        Whether it was handled now; false where it had been before.

    Raises:
        WebhookRefusedError: forged, stale or no event.
    """
    event = gateway.read_webhook(payload=payload, signature=signature)
    seen, _created = WebhookEvent.objects.get_or_create(
        stripe_event_id=event["id"], defaults={"type": event["type"]}
    )
    if seen.finished_at is not None:
        return False
    _handle(event)
    # Only now: an event whose handling broke off is handled again when Stripe repeats it.
    WebhookEvent.objects.filter(pk=seen.pk).update(finished_at=timezone.now())
    return True


def _handle(event: dict[str, Any]) -> None:
    kind = event["type"]
    about = event["data"]["object"]
    if kind.startswith("payment_intent."):
        _payment_changed(about)
    elif kind == "setup_intent.succeeded":
        finish_from_webhook(setup_intent_id=about["id"])
    elif kind == "setup_intent.setup_failed":
        count_refusal(setup_intent_id=about["id"])
    elif kind in REFUND_EVENTS:
        refresh_refund(stripe_refund_id=about["id"])
    elif kind.startswith("charge.dispute."):
        note_dispute(stripe_dispute_id=about["id"])
    else:
        logger.debug("webhook_needs_nothing", type=kind)


def _payment_changed(about: dict[str, Any]) -> None:
    metadata = about.get("metadata") or {}
    claimed = metadata.get("payment_id", "")
    known = Payment.objects.filter(stripe_payment_intent_id=about["id"]).order_by("pk")
    payments = list(known)
    if not payments and claimed:
        # It may come before the answer to our own call, or instead of it.
        payments = list(
            Payment.objects.filter(pk=uuid.UUID(claimed), stripe_payment_intent_id__isnull=True)
        )
    if not payments and metadata.get("hold_id"):
        # What is held is settled by the worker that asked and by the sweep; nothing is paid yet.
        logger.debug("webhook_about_a_hold", intent=about["id"])
        return
    if not payments:
        logger.warning("webhook_about_no_payment_of_ours", intent=about["id"])
        return
    intent = gateway.retrieve_payment_intent(about["id"])
    for payment in payments:
        settle_payment(payment_id=payment.pk, intent=intent)
