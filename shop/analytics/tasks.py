"""Jobs of analytics."""

from celery import shared_task

from shop.analytics.partitions import count_values_anew, ensure_partitions


@shared_task(name="shop.analytics.ensure_partitions")
def make_partitions() -> None:
    """Make the event table's next months, and keep PostgreSQL's idea of it up to date."""
    ensure_partitions()
    count_values_anew()
