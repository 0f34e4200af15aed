"""Whose box was handed over earlier than was known as it was opened owes no fee for that time."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.outbox import carry_out_due
from shop.payments.models import Refund
from shop.payments.services.charges import request_payment
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.trials.returns.boxes_back import checked_in, item_of
from tests.trials.returns.trials_with_charges import (
    broken,
    overdue_trial,
    payment_of,
    terms,
    told,
    went_through,
)
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.late_words import EARLIER, judge_again
from trials.returns.services.letting_go import write_off_charge
from trials.returns.services.refunding import decide_refund, refund_due_charge
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db


def _labelled(trial: Trial) -> Trial:
    """Return a trial whose return label is as old as its box is away."""
    with time_machine.travel(timezone.now() - timedelta(days=15)):
        create_labels(trial_id=trial.pk, by=StaffFactory())
    return trial


def _owed() -> TrialCharge:
    """Return what is owed for a frame that has a label and seems to have stayed with her."""
    (charge,) = charge_unreturned(trial_id=_labelled(overdue_trial(frames=1)).pk)
    return charge


@pytest.fixture
def fee() -> TrialCharge:
    """Return what is owed for a box that was opened today and of which no carrier has told."""
    trial = terms(_labelled(overdue_trial(frames=1)), late_fee=Money("2.00", "EUR"))
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
    judge_again(trial_id=fee.trial_id)


def test_of_what_was_paid_a_manager_decides(fee: TrialCharge) -> None:
    told(payment_of(fee), "succeeded")

    _told_now(fee, handed_over=timedelta(days=1))

    assert (fee.state, fee.to_decide) == ("paid", True)


def test_one_that_was_as_late_as_it_seemed_is_left(fee: TrialCharge) -> None:
    _told_now(fee, handed_over=timedelta(days=40))

    assert (fee.state, fee.to_decide) == ("owed", False)


def _half_given_back() -> TrialCharge:
    """Return a charge of which half was kept, for the frame seemed to have come late."""
    charge = _owed()
    told(payment_of(charge), "succeeded")
    terms(charge.trial, late_return_days=30, late_return_percent=50)
    checked_in(item_of(charge.trial))
    refund_due_charge(charge_id=charge.pk)
    went_through(Refund.objects.get())
    charge.refresh_from_db()
    assert (charge.state, charge.to_decide) == ("partly_refunded", False)
    return charge


def test_of_the_share_that_was_kept_of_a_refund_a_manager_decides() -> None:
    charge = _half_given_back()

    _told_now(charge, handed_over=timedelta(hours=-2))

    assert (charge.to_decide, charge.reason) == (True, EARLIER)
    decide_refund(
        charge_id=charge.pk,
        by=ManagerFactory(),
        amount=charge.amount - charge.refunded,
        reason="She was in time",
        undecided=True,
    )
    went_through(Refund.objects.get(state="requested"))
    charge.refresh_from_db()
    assert (charge.state, charge.to_decide) == ("refunded", False)


def test_what_a_manager_said_before_is_not_written_over() -> None:
    charge = _half_given_back()
    nothing = charge.amount * 0
    decide_refund(charge_id=charge.pk, by=ManagerFactory(), amount=nothing, reason="Worn out")

    _told_now(charge, handed_over=timedelta(hours=-2))

    assert (charge.to_decide, charge.reason) == (True, "Worn out")


def test_the_share_is_left_where_she_was_late_all_the_same() -> None:
    charge = _half_given_back()

    _told_now(charge, handed_over=timedelta(days=2))

    assert not charge.to_decide


def _written_off(fee: TrialCharge) -> TrialCharge:
    """Write a charge off of a trial whose deposit pays it."""
    trial = terms(fee.trial, deposit=Money("200.00", "EUR"))
    deposit = request_payment(
        user=trial.user, purpose="trial", reference=trial.number, amount=Money("200.00", "EUR")
    )
    told(deposit, "succeeded")
    write_off_charge(charge_id=fee.pk, by=ManagerFactory(), reason="Never paid")
    fee.refresh_from_db()
    assert fee.from_deposit.amount
    return fee


def test_of_a_fee_the_deposit_paid_a_manager_decides(fee: TrialCharge) -> None:
    _written_off(fee)

    _told_now(fee, handed_over=timedelta(hours=-2))

    assert fee.to_decide
    decide_refund(
        charge_id=fee.pk,
        by=ManagerFactory(),
        amount=fee.from_deposit,
        reason="She was in time",
        undecided=True,
    )
    fee.refresh_from_db()
    assert (fee.to_decide, fee.from_deposit.amount) == (False, 0)


def test_of_a_fee_kept_from_what_the_deposit_paid_a_manager_decides_there() -> None:
    charge = _written_off(_owed())
    rules = {"late_return_days": 30, "late_return_percent": 100, "late_fee": Money("2.00", "EUR")}
    terms(charge.trial, **rules)
    checked_in(item_of(charge.trial))
    fee = charge.trial.charges.get(purpose="late")
    assert not fee.to_decide

    _told_now(fee, handed_over=timedelta(hours=-2))

    charge.refresh_from_db()
    assert (fee.to_decide, charge.to_decide, charge.from_deposit) == (False, True, fee.amount)
    decide_refund(
        charge_id=charge.pk,
        by=ManagerFactory(),
        amount=fee.amount,
        reason="She was in time",
        undecided=True,
    )
    fee.refresh_from_db()
    assert (fee.state, fee.refunded) == ("refunded", fee.amount)
    assert broken() == set()
