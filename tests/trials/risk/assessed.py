"""Trials on which the rules have decided."""

from typing import Any

from tests.factories.trials import requested_trial
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import decline_trial
from trials.risk.models import Outcome, RiskDecision, RiskRule
from trials.risk.services.assessing import KIND_NO, assess_trial


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


def declined_by_rule(**kwargs: Any) -> Trial:
    """Return a trial that a rule has declined, whatever the rules are."""
    trial = requested_trial(**kwargs)
    reason = {"kind": "new_customer", "threshold": 1, "days": 180, "found": 0, "outcome": "decline"}
    RiskDecision.objects.create(
        trial=trial, outcome=Outcome.DECLINE, reasons=[reason], rules=[reason]
    )
    return decline_trial(trial_id=trial.pk, by=None, reason=KIND_NO)
