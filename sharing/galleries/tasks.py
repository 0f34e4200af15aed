"""What is done for galleries in the background."""

import uuid
from typing import Any

from celery import shared_task

from sharing.galleries.preview_files import forget_preview, keep_preview
from sharing.galleries.services import close_bought, close_due
from sharing.galleries.services.ending import close_kept
from sharing.galleries.services.links import redraw_previews_of
from shop.foundation.outbox import handles
from trials.returns.queries.charges import KEPT_PAID


@handles("galleries.preview", name="sharing.galleries.preview")
def preview(payload: dict[str, Any]) -> None:
    """Compose the card of a link."""
    keep_preview(uuid.UUID(payload["link"]))


@handles("galleries.forget_preview", name="sharing.galleries.forget_preview")
def forget(payload: dict[str, Any]) -> None:
    """Delete the card of a link that was withdrawn."""
    forget_preview(uuid.UUID(payload["link"]))


@handles("customers.renamed", name="sharing.galleries.renamed")
def renamed(payload: dict[str, Any]) -> None:
    """Draw the cards anew that say who asks."""
    redraw_previews_of(payload["user"])


@handles("orders.paid", name="sharing.galleries.order_paid")
def order_paid(payload: dict[str, Any]) -> None:
    """End the voting on frames of which one is bought."""
    close_bought(order_id=uuid.UUID(payload["order"]))


@handles(KEPT_PAID, name="sharing.galleries.kept_paid")
def kept_paid(payload: dict[str, Any]) -> None:
    """End the voting on frames of which one is kept and paid."""
    close_kept(charge_id=uuid.UUID(payload["charge"]))


@shared_task(name="sharing.galleries.close_due")
def close_what_is_due() -> None:
    """Close the galleries whose deadline has passed."""
    close_due()
