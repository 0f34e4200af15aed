"""Trials on which the rules have decided."""

from typing import Any

from tests.factories.trials import requested_trial
from trials.home_trials.models import Trial
from trials.risk.models import RiskRule
from trials.risk.services import assess_trial


def only_rule(kind: str, **values: Any) -> RiskRule:
    """Let no rule count but this one."""
    RiskRule.objects.update(active=False)
    return RiskRule.objects.update_or_create(kind=kind, defaults={"active": True, **values})[0]


def assessed_trial(**kwargs: Any) -> Trial:
    """Return a requested trial on which the rules have decided."""
    trial = requested_trial(**kwargs)
    assess_trial(trial_id=trial.pk)
    trial.refresh_from_db()
    return trial
