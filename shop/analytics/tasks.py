"""Jobs of analytics."""

from celery import shared_task

from shop.analytics.partitions import ensure_partitions


@shared_task(name="shop.analytics.ensure_partitions")
def make_partitions() -> None:
    """Make the event table's next months."""
    ensure_partitions()
