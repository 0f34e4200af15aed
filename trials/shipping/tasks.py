"""Jobs of the room."""

from celery import shared_task
from django.utils import timezone

from trials.shipping.queries import trials_without_word
from trials.shipping.services.tracking import assume_delivered


@shared_task(name="trials.shipping.poll_tracking")
def poll_tracking() -> None:
    """Ask after parcels that have been silent for too long; the built-in carrier knows no more."""
    for trial_id in trials_without_word(timezone.now()):
        assume_delivered(trial_id=trial_id)
