"""Trials late enough to be charged."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from shop.payments.models import Payment
from tests.factories.trials import delivered_trial
from trials.home_trials.models import Trial
from trials.returns.models import TrialCharge
from trials.returns.services.charging import PURPOSE, charge_unreturned


def overdue_trial(**kwargs: Any) -> Trial:
    """Return a trial at home for so long that the days of grace are over."""
    return delivered_trial(at=timezone.now() - timedelta(days=20), **kwargs)


def owed_charge(**kwargs: Any) -> TrialCharge:
    """Return the charge of an overdue trial of one frame."""
    (charge,) = charge_unreturned(trial_id=overdue_trial(frames=1, **kwargs).pk)
    return charge


def payment_of(charge: TrialCharge) -> Payment:
    """Return the payment asked for a charge."""
    return Payment.objects.get(purpose=PURPOSE, reference=str(charge.pk))
