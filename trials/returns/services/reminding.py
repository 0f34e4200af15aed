"""Before a card is charged its owner is told, in time to send the box back."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.clock import end_of_day
from shop.foundation.locks import lock_row
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import TrialState
from trials.returns.errors import NothingToRemindError, RemindedLatelyError
from trials.returns.queries.charges import (
    AFTER_REMINDER,
    awaited_items,
    charged_after,
    has_arrived,
    is_coming_back,
    items_to_remind_of,
    trials_to_remind,
)
from trials.returns.services.closing import AFTER_THE_CUSTOMER
from trials.returns.services.notices import send_notice

REMINDER = "trial_reminder"
BETWEEN_REMINDERS = timedelta(hours=20)


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
        trial = lock_row(Trial, trial_id, related=("programme_version", "user"))
        now = timezone.now()
        if not trials_to_remind(now).filter(pk=trial_id).exists():
            return False
        until = charged_after(trial)
        if until is None or until < now + AFTER_REMINDER:
            trial.charge_at = end_of_day(now, days=1, zone=trial.user.zone)
        trial.reminded_at = now
        trial.save(update_fields=["reminded_at", "charge_at"])
        _write(trial, items_to_remind_of(now), by=None)
        return True


def remind_now(*, trial_id: uuid.UUID, by: User) -> None:
    """Write to a customer once more, by the hand of staff; no more often than once a day.

    Args:
        trial_id: a trial whose days at home are over, with a frame away that is not charged yet.
        by: who does it.

    Raises:
        NothingToRemindError: nothing of it is overdue, or the carrier has it or has brought it.
        RemindedLatelyError: she was written to within the last twenty hours.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("programme_version", "user"))
        now = timezone.now()
        late = trial.state in AFTER_THE_CUSTOMER and trial.due_at is not None and trial.due_at < now
        if not late or not awaited_items().filter(trial=trial).exists():
            raise NothingToRemindError(
                _("Nothing of trial %(number)s is overdue and uncharged.")
                % {"number": trial.number}
            )
        _check_with_her(trial, now)
        latest = trial.notices.filter(kind=REMINDER).last()
        if latest is not None and latest.at > now - BETWEEN_REMINDERS:
            raise RemindedLatelyError(
                _("The customer was written to within the last day. Give her time to answer.")
            )
        until = charged_after(trial)
        if trial.reminded_at is None and (until is None or until < now + AFTER_REMINDER):
            trial.charge_at = end_of_day(now, days=1, zone=trial.user.zone)
        trial.reminded_at = trial.reminded_at or now
        trial.save(update_fields=["reminded_at", "charge_at"])
        _write(trial, awaited_items(), by=by)


def _check_with_her(trial: Trial, now: datetime) -> None:
    """Refuse to ask for what the carrier has, or what stands unopened at the door."""
    if has_arrived(trial):
        raise NothingToRemindError(
            _("The box of %(number)s is here. Check it in first.") % {"number": trial.number}
        )
    in_grace = trial.charge_at is not None and trial.charge_at >= now
    if in_grace and is_coming_back(trial):
        raise NothingToRemindError(
            _("The box of %(number)s is on its way back. Give it time.") % {"number": trial.number}
        )


def _write(trial: Trial, items: QuerySet[TrialItem], *, by: User | None) -> None:
    away = items.filter(trial=trial).select_related("variant__frame")
    frames = [str(item.variant) for item in away.order_by("pk")]
    # Hers may be extended and late again, so one reminder is told from another by its number.
    fact = f"{trial.pk}:{trial.notices.filter(kind=REMINDER).count() + 1}"
    send_notice(
        REMINDER,
        trial,
        by=by,
        fact=fact,
        frames=frames,
        until=charged_after(trial),
        # Who has sent her box back is not asked for it: what was not in it is.
        opened=trial.state == TrialState.RECEIVED,
        coming=is_coming_back(trial),
    )
