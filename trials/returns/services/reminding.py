"""Before a card is charged its owner is told, in time to send the box back."""

import uuid

from django.db import transaction
from django.utils import timezone

from shop.foundation.clock import end_of_day
from shop.foundation.locks import lock_row
from trials.home_trials.models import Trial
from trials.home_trials.services.mails import mail_customer
from trials.returns.queries import AFTER_REMINDER, trials_to_remind, uncharged_items


def remind(*, trial_id: uuid.UUID) -> bool:
    """Write to a customer that her days at home are over and what is still with her, once.

    Where less than a day is left until the charge, it is put off to the end of tomorrow, so that
    the day in the mail is the one that counts.

    Args:
        trial_id: a trial; one with nothing to remind of is left as it is.

    Returns:
        Whether she was reminded now.
    """
    with transaction.atomic():
        trial, now = lock_row(Trial, trial_id), timezone.now()
        if not trials_to_remind(now).filter(pk=trial_id).exists():
            return False
        if trial.charge_at is None or trial.charge_at < now + AFTER_REMINDER:
            trial.charge_at = end_of_day(now, days=1, zone=trial.user.zone)
        trial.reminded_at = now
        trial.save(update_fields=["reminded_at", "charge_at"])
        away = uncharged_items().filter(trial=trial).select_related("variant__frame")
        frames = [str(item.variant) for item in away.order_by("pk")]
        mail_customer("trial_reminder", trial, frames=frames)
        return True
