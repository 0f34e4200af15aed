"""Jobs of the room."""

from celery import shared_task

from trials.economics.keeping import keep_margins


@shared_task(name="trials.economics.keep")
def keep() -> None:
    """Keep the margins that take longer to count than a page may."""
    keep_margins()
