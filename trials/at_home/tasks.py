"""Jobs of the room."""

import uuid

from celery import shared_task
from django.utils import timezone

from trials.at_home.queries import trials_to_write_to
from trials.at_home.services.reminding import remind_at_home


@shared_task(name="trials.at_home.remind")
def remind_due() -> None:
    """Find the trials at home with a reminder due; each is written by a job of its own."""
    due = trials_to_write_to(timezone.now()).order_by("next_reminder_at")
    for trial_id in due.values_list("pk", flat=True):
        write_to_customer.delay(str(trial_id))


@shared_task(name="trials.at_home.write_to_customer")
def write_to_customer(trial_id: str) -> None:
    """Write to the customer of one trial; does nothing where nothing is due any more."""
    remind_at_home(trial_id=uuid.UUID(trial_id))
