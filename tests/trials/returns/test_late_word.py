"""Whose box was handed over earlier than was known as it was opened owes no fee for that time."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.outbox import carry_out_due
from tests.factories.shop import StaffFactory
from tests.trials.returns.boxes_back import checked_in, item_of
from tests.trials.returns.trials_with_charges import overdue_trial, payment_of, terms, told
from trials.home_trials.models import Trial
from trials.returns.models import TrialCharge
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.late_words import judge_late_fee_again
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db


@pytest.fixture
def fee() -> TrialCharge:
    """Return what is owed for a box that was opened today and of which no carrier has told."""
    trial = terms(overdue_trial(frames=1), late_fee=Money("2.00", "EUR"))
    with time_machine.travel(timezone.now() - timedelta(days=15)):
        create_labels(trial_id=trial.pk, by=StaffFactory())
    checked_in(item_of(trial))
    finish_check_in(trial_id=trial.pk, by=StaffFactory())
    return TrialCharge.objects.get(purpose=TrialCharge.Purpose.LATE)


def _told_now(fee: TrialCharge, *, handed_over: timedelta) -> None:
    """Tell now that the carrier had it so long after the end of grace."""
    trial = Trial.objects.get(pk=fee.trial_id)
    assert trial.charge_at is not None
    record_tracking(
        tracking_number=trial.shipments.get(leg="return").tracking_number,
        carrier_event_id="late",
        status="in_transit",
        occurred_at=trial.charge_at + handed_over,
    )
    carry_out_due()
    fee.refresh_from_db()


def test_what_is_owed_is_let_go_and_the_trial_is_over(fee: TrialCharge) -> None:
    assert fee.state == "owed"

    _told_now(fee, handed_over=timedelta(hours=-2))

    assert fee.state == "waived"
    assert Trial.objects.get(pk=fee.trial_id).state == "closed"
    judge_late_fee_again(trial_id=fee.trial_id)


def test_of_what_was_paid_a_manager_decides(fee: TrialCharge) -> None:
    told(payment_of(fee), "succeeded")

    _told_now(fee, handed_over=timedelta(days=1))

    assert (fee.state, fee.to_decide) == ("paid", True)


def test_one_that_was_as_late_as_it_seemed_is_left(fee: TrialCharge) -> None:
    _told_now(fee, handed_over=timedelta(days=40))

    assert (fee.state, fee.to_decide) == ("owed", False)
