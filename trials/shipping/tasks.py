"""Jobs of the room."""

import uuid
from typing import Any

from celery import shared_task
from django.utils import timezone

from shop.foundation.outbox import handles
from trials.home_trials.parcels import register_parcels
from trials.home_trials.services.requests import CANCELLED
from trials.shipping.outbound import parcel_out
from trials.shipping.queries import (
    labels_never_used,
    parcels_to_ask,
    refunds_to_ask,
    trials_without_word,
)
from trials.shipping.services.labels import (
    REFUND,
    REFUND_TOLD,
    ask_refund,
    refund_label,
    refund_labels,
)
from trials.shipping.services.return_labels import note_never_used
from trials.shipping.services.tracking import ask_carrier, assume_delivered

register_parcels("shipping", outbound=parcel_out)


@shared_task(name="trials.shipping.poll_tracking")
def poll_tracking() -> None:
    """Take silent parcels of carriers that tell nothing for delivered, and ask those that do.

    They are asked what became of refunds, too. Labels that nobody used are given back.
    Each parcel is asked for by a job of its own, so that one that fails keeps no other from it.
    """
    now = timezone.now()
    for trial_id in trials_without_word(now):
        assume_delivered(trial_id=trial_id)
    for shipment_id in list(labels_never_used(now).order_by("pk").values_list("pk", flat=True)):
        note_never_used(shipment_id=shipment_id, now=now)
    for shipment_id in parcels_to_ask(now):
        ask_after.delay(str(shipment_id))
    for shipment_id in refunds_to_ask(now):
        ask_after_refund.delay(str(shipment_id))


@shared_task(name="trials.shipping.ask_after")
def ask_after(shipment_id: str) -> None:
    """Ask a carrier where one parcel is."""
    ask_carrier(shipment_id=uuid.UUID(shipment_id))


@shared_task(name="trials.shipping.ask_after_refund")
def ask_after_refund(shipment_id: str) -> None:
    """Ask a carrier what became of one label's refund."""
    ask_refund(shipment_id=uuid.UUID(shipment_id))


@handles(CANCELLED, name="shipping.refund_labels")
def refund_labels_of(payload: dict[str, Any]) -> None:
    """Have the labels of a trial that was called off given back."""
    refund_labels(trial_id=uuid.UUID(payload["trial"]))


@handles(REFUND, name="shipping.refund_label")
def refund(payload: dict[str, Any]) -> None:
    """Ask a carrier for the postage of one label."""
    refund_label(shipment_id=uuid.UUID(payload["shipment"]))


@handles(REFUND_TOLD, name="shipping.refund_told")
def refund_told(payload: dict[str, Any]) -> None:
    """Ask a carrier what became of a refund it told of."""
    ask_refund(shipment_id=uuid.UUID(payload["shipment"]))
