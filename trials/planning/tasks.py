"""Jobs of the room."""

from celery import shared_task

from trials.planning.keeping import keep_plans


@shared_task(name="trials.planning.keep")
def keep() -> None:
    """Keep the plans of frames where counting them takes longer than a page may."""
    keep_plans()
