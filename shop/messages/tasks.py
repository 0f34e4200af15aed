"""Jobs of the room: sending what waited."""

from celery import shared_task

from shop.messages.services.gathering import send_waiting


@shared_task(name="shop.messages.send_waiting")
def send_due() -> None:
    """Send digests, and what fell into quiet hours."""
    send_waiting()
