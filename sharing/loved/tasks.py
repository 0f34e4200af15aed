"""Jobs of the room."""

from celery import shared_task

from sharing.loved.services import count_loved


@shared_task(name="sharing.loved.count")
def count() -> None:
    """Count what friends loved, so that no page has to."""
    count_loved()
