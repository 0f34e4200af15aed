"""Trials late enough to be charged."""

from datetime import timedelta
from typing import Any

import time_machine
from django.db import transaction
from django.utils import timezone

from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.models import OutboxMessage
from shop.foundation.money import to_minor
from shop.payments.gateway import Intent, RefundResult
from shop.payments.models import Payment, Refund
from shop.payments.services.charges import settle_payment
from shop.payments.services.refunds import settle_refund
from tests.factories.trials import delivered_trial
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.making import PURPOSES
from trials.returns.services.reminding import remind


def overdue_trial(**kwargs: Any) -> Trial:
    """Return a trial at home for so long that the days of grace are over, its owner reminded."""
    now = timezone.now()
    trial = delivered_trial(at=now - timedelta(days=20), **kwargs)
    with time_machine.travel(now - timedelta(days=14)):
        remind(trial_id=trial.pk)
    trial.refresh_from_db()
    return trial


def told_what_lacks(trial: Trial, *, days_ago: float = 2) -> None:
    """Have it that she was told so long ago what was not in a box that was opened."""
    at = timezone.now() - timedelta(days=days_ago)
    assert Trial.objects.filter(pk=trial.pk, reminded_at=None).update(reminded_at=at) == 1


def owed_charge(**kwargs: Any) -> TrialCharge:
    """Return the charge of an overdue trial of one frame."""
    (charge,) = charge_unreturned(trial_id=overdue_trial(frames=1, **kwargs).pk)
    return charge


def payment_of(charge: TrialCharge) -> Payment:
    """Return the payment asked for a charge."""
    purpose = PURPOSES[TrialCharge.Purpose(charge.purpose)]
    return Payment.objects.get(purpose=purpose, reference=str(charge.pk))


def told(
    payment: Payment,
    status: str,
    *,
    failure: str = "",
    decline: str = "",
    advice: str = "",
    failed_charge: str = "",
) -> None:
    """Settle a payment as if Stripe had told of it."""
    intent = Intent(
        id=f"pi_{payment.pk.hex}",
        status=status,
        client_secret="",
        amount_received=to_minor(payment.amount) if status == "succeeded" else 0,
        failure_code=failure,
        failure_message=failure,
        decline_code=decline,
        advice_code=advice,
        failed_charge=failed_charge,
    )
    with transaction.atomic():
        settle_payment(payment_id=payment.pk, intent=intent)


def refused(
    charge: TrialCharge, decline: str, *, advice: str = "", failed_charge: str = ""
) -> None:
    """Have a charge's card refused."""
    told(
        payment_of(charge),
        "requires_payment_method",
        failure="card_declined",
        decline=decline,
        advice=advice,
        failed_charge=failed_charge or "ch_1",
    )


def paid_charge(**kwargs: Any) -> TrialCharge:
    """Return the charge of an overdue trial of one frame, paid."""
    charge = owed_charge(**kwargs)
    told(payment_of(charge), "succeeded")
    charge.refresh_from_db()
    return charge


def went_through(refund: Refund, status: str = "succeeded") -> None:
    """Settle a refund as if Stripe had told of it."""
    failure = "lost_or_stolen_card" if status == "failed" else ""
    settle_refund(
        refund_id=refund.pk,
        result=RefundResult(id=f"re_{refund.pk.hex}", status=status, failure=failure),
    )


def terms(trial: Trial, **rules: Any) -> Trial:
    """Have a trial run under other rules; versions are never edited, save by tests."""
    version = trial.programme_version
    for name, value in rules.items():
        setattr(version, name, value)
    version.save()
    return trial


def broken() -> set[str]:
    """Return the names of all invariants that do not hold."""
    return {each.name for each in all_invariants() if breaches(each)}


def subjects() -> list[str]:
    """Return the subjects of all mails queued so far."""
    return [each.payload["subject"] for each in OutboxMessage.objects.filter(topic="mail.send")]
