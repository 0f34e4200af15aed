"""Jobs of the room."""

import uuid

from celery import shared_task
from django.utils import timezone

from trials.returns.queries import trials_to_charge
from trials.returns.services.charging import charge_unreturned


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
