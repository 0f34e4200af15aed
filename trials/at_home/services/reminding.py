"""Writing to a customer while the box is with her, on the days her programme names."""

import uuid

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shop.foundation.locks import lock_row
from shop.foundation.postgres.updates import update_row
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic
from trials.at_home.queries import extension_offer
from trials.home_trials.days import days_left, next_reminder, reminders
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState


def remind_at_home(*, trial_id: uuid.UUID) -> bool:
    """Write to the customer of a trial about today, once.

    A day the shop slept through is not made up for: she reads of today or of nothing.

    Args:
        trial_id: a trial; one that is not at home, or of which nothing is due, stays as it is.

    Returns:
        Whether she was written to now.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user", "address"))
        now = timezone.now()
        at_home = trial.state == TrialState.DELIVERED and trial.due_at is not None
        if not at_home or trial.next_reminder_at is None or trial.next_reminder_at > now:
            return False
        if trial.missed_at is not None:
            return False
        trial.next_reminder_at = next_reminder(trial, after=now)
        update_row(trial, ["next_reminder_at"])
        today = now.astimezone(trial.user.zone).date()
        due = [number for number, at in reminders(trial) if at <= now and at.date() == today]
        if not due:
            return False
        number = due[-1]
        notify(
            user=trial.user,
            topic=Topic.TRIAL,
            template="trial_day",
            context={
                "trial": trial,
                "customer": trial.user,
                "number": number,
                "left": days_left(trial, now),
                "offer": extension_offer(trial),
                "path": reverse("trials:trial", args=[trial.number]),
                "zone": trial.user.time_zone,
            },
            key=f"trial_day:{trial.pk}:{today.isoformat()}",
            about=trial.pk,
        )
        return True
