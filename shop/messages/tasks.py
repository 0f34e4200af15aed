"""Jobs of the room: sending what waited."""

from datetime import datetime
from typing import Any

from celery import shared_task

from shop.foundation.outbox import handles
from shop.messages.services.gathering import send_waiting
from shop.messages.services.pushing import send_push


@shared_task(name="shop.messages.send_waiting")
def send_due() -> None:
    """Send digests, and what fell into quiet hours."""
    send_waiting()


@handles("messages.push", name="shop.messages.send_push")
def push(payload: dict[str, Any]) -> None:
    """Hand one message to one browser's push service."""
    until = datetime.fromisoformat(payload["until"])
    send_push(browser=payload["browser"], said=payload["said"], until=until)
