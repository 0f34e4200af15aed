"""Deciding once, by the rules of the moment, whether a person must look at a trial."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, override
from djmoney.money import Money

from shop.analytics.names import EventName
from shop.analytics.services import SHOP
from shop.foundation.locks import lock_row
from trials.home_trials.models import Trial
from trials.home_trials.services.deposits import ask_for_deposit
from trials.home_trials.services.facts import record_trial
from trials.home_trials.services.requests import approve_trial, decline_trial
from trials.home_trials.states import TrialState
from trials.risk.models import FEWER_THAN, Outcome, RiskDecision, RiskRule, RuleKind, SecondLook
from trials.risk.queries import facts, since_days

STERNEST_LAST = list(Outcome)
# What she reads where the rules declined: neither what they are nor what they found.
KIND_NO = gettext_noop(
    "We cannot send you this box right now. No person has decided this yet: on the page of your "
    "trial you can ask that one of us looks at it and decides anew."
)


def assess_trial(*, trial_id: uuid.UUID) -> RiskDecision | None:
    """Decide on a trial that was asked for, once; and carry out what needs no person.

    Approved by itself is a trial only where the shop has said so (rule ``nothing_found``) and
    nothing is to be paid first. Where a deposit is asked for it waits for that, and then for a
    person where the shop has not said so, or another rule wants one. May be repeated: the first
    decision stays, and is carried out if it could not be before.

    Returns:
        The decision; nothing where the trial went on, or ended, before there was one.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user", "card", "address", "programme_version"))
        decision = RiskDecision.objects.filter(trial=trial).first()
        if trial.state != TrialState.REQUESTED:
            return decision
        if decision is None:
            decision = _decide(trial)
        deposit = asked_deposit(decision)
        if deposit is not None and trial.pay_by is None:
            trial = ask_for_deposit(trial_id=trial.pk, amount=deposit)
        if trial.pay_by is None and goes_on_by_itself(decision):
            look = SecondLook.objects.filter(followed_by=trial).first()
            approve_trial(trial_id=trial.pk, by=look.decided_by if look else None)
        elif decision.outcome == Outcome.DECLINE:
            with override(trial.user.language):
                words = gettext(KIND_NO)
            decline_trial(trial_id=trial.pk, by=None, reason=words)
        return decision


def asked_deposit(decision: RiskDecision) -> Money | None:
    """Return the highest deposit that the rules ask for which spoke; nothing where none does.

    Decisions of before deposits were asked for by the shop name no amount: a person looks.
    """
    if decision.outcome != Outcome.DEPOSIT:
        return None
    asked = [
        Money(each["deposit"]["amount"], each["deposit"]["currency"])
        for each in decision.reasons
        if "deposit" in each
    ]
    return max(asked, key=lambda each: each.amount, default=None)


def goes_on_by_itself(decision: RiskDecision) -> bool:
    """Tell whether no person looks once all is paid: the shop says so, and no rule wants one."""
    if decision.outcome == Outcome.DEPOSIT:
        return all("deposit" in each for each in decision.reasons) and any(
            each["kind"] == RuleKind.NOTHING_FOUND and each["outcome"] == Outcome.APPROVE
            for each in decision.rules
        )
    return decision.outcome == Outcome.APPROVE


def _decide(trial: Trial) -> RiskDecision:
    decision = judge(trial)
    decision.save()
    record_trial(EventName.TRIAL_ASSESSED, trial, person=SHOP, at=decision.made_at)
    return decision


def judge(trial: Trial, *, prices: Sequence[Money] | None = None) -> RiskDecision:
    """Return what the rules of the moment come to for a trial; nothing is written down.

    Args:
        trial: as ``facts`` takes it.
        prices: as ``facts`` takes them.
    """
    rules = list(RiskRule.objects.filter(active=True).order_by("kind"))
    now = timezone.now()
    days = next((rule.days for rule in rules if rule.kind == RuleKind.SERIAL_TRIALS), 1)
    found = facts(trial, since=since_days(now, days), prices=prices)
    spoke = [_as_it_is(rule, found[rule.kind]) for rule in rules if _speaks(rule, found)]
    otherwise = next((rule for rule in rules if rule.kind == RuleKind.NOTHING_FOUND), None)
    outcome = Outcome.REVIEW if otherwise is None else Outcome(otherwise.outcome)
    if spoke:
        outcome = max((Outcome(each["outcome"]) for each in spoke), key=STERNEST_LAST.index)
    return RiskDecision(
        trial=trial,
        outcome=outcome,
        reasons=spoke,
        rules=[_as_it_is(rule, found.get(rule.kind, 0)) for rule in rules],
        made_at=now,
    )


def _speaks(rule: RiskRule, found: dict[str, int]) -> bool:
    if rule.kind == RuleKind.NOTHING_FOUND:
        return False
    if rule.kind in FEWER_THAN:
        return found[rule.kind] < rule.threshold
    return found[rule.kind] >= rule.threshold


def _as_it_is(rule: RiskRule, found: int) -> dict[str, Any]:
    as_it_is = {
        "kind": rule.kind,
        "threshold": rule.threshold,
        "days": rule.days,
        "outcome": rule.outcome,
        "found": found,
    }
    if rule.outcome == Outcome.DEPOSIT:
        money = {"amount": str(rule.deposit.amount), "currency": str(rule.deposit.currency)}
        as_it_is["deposit"] = money
    return as_it_is
