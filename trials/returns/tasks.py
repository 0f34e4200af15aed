"""Jobs of the room."""

import uuid

from celery import shared_task
from django.utils import timezone

from trials.returns.queries import trials_to_charge, trials_to_remind
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.reminding import remind


@shared_task(name="trials.returns.remind_overdue")
def remind_overdue() -> None:
    """Find the trials whose days at home are over; a job of its own reminds each customer."""
    late = trials_to_remind(timezone.now()).order_by("due_at")
    for trial_id in late.values_list("pk", flat=True):
        remind_trial.delay(str(trial_id))


@shared_task(name="trials.returns.remind_trial")
def remind_trial(trial_id: str) -> None:
    """Remind the customer of one trial; does nothing for one reminded already."""
    remind(trial_id=uuid.UUID(trial_id))


@shared_task(name="trials.returns.charge_overdue")
def charge_overdue() -> None:
    """Find the trials whose days of grace are over; each is charged by a job of its own.

    So one that cannot be charged keeps no other from it.
    """
    for trial_id in trials_to_charge(timezone.now()):
        charge_trial.delay(str(trial_id))


@shared_task(name="trials.returns.charge_trial")
def charge_trial(trial_id: str) -> None:
    """Charge what is missing of one trial; does nothing for what is charged already."""
    charge_unreturned(trial_id=uuid.UUID(trial_id))
