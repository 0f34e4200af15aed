"""Trials late enough to be charged."""

from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from shop.payments.models import Payment
from tests.factories.trials import delivered_trial
from trials.home_trials.models import Trial
from trials.returns.models import TrialCharge
from trials.returns.services.charging import PURPOSE, charge_unreturned
from trials.returns.services.reminding import remind


def overdue_trial(**kwargs: Any) -> Trial:
    """Return a trial at home for so long that the days of grace are over, its owner reminded."""
    now = timezone.now()
    trial = delivered_trial(at=now - timedelta(days=20), **kwargs)
    with time_machine.travel(now - timedelta(days=14)):
        remind(trial_id=trial.pk)
    trial.refresh_from_db()
    return trial


def owed_charge(**kwargs: Any) -> TrialCharge:
    """Return the charge of an overdue trial of one frame."""
    (charge,) = charge_unreturned(trial_id=overdue_trial(frames=1, **kwargs).pk)
    return charge


def payment_of(charge: TrialCharge) -> Payment:
    """Return the payment asked for a charge."""
    return Payment.objects.get(purpose=PURPOSE, reference=str(charge.pk))
