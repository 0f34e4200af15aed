"""A frame that comes back after it was charged is taken back, and paid back by the programme."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db.models import Sum
from django.utils import timezone
from djmoney.money import Money

from shop.analytics.models import Event
from shop.payments.models import LedgerEntry, Payment, Refund
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.trials.returns.trials_with_charges import (
    broken,
    owed_charge,
    paid_charge,
    payment_of,
    subjects,
    terms,
    told,
    went_through,
)
from trials.returns.errors import (
    AlreadyChargedError,
    ChargeNotPaidError,
    MayNotSettleError,
    ReasonMissingError,
)
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit
from trials.returns.services.refunding import decide_refund, refund_due_charge
from trials.units.models import Grade

pytestmark = pytest.mark.django_db


def _comes_back(charge: TrialCharge, *, by: Any = None, finding: Finding = Finding.GOOD) -> None:
    check_in_unit(
        trial_id=charge.trial_id,
        barcode=charge.item.unit.barcode if charge.item else "",
        finding=finding,
        grade=Grade.B if finding == Finding.GOOD else Grade.D,
        by=by or StaffFactory(),
    )


def _given_back(charge: TrialCharge) -> Refund:
    refund_due_charge(charge_id=charge.pk)
    refund = Refund.objects.get(payment=payment_of(charge))
    went_through(refund)
    charge.refresh_from_db()
    return refund


def _sums() -> dict[str, Decimal]:
    rows = LedgerEntry.objects.values_list("account").annotate(Sum("amount"))
    return {account: amount for account, amount in rows if amount}


def test_a_frame_back_in_time_is_on_its_shelf_and_its_price_paid_back() -> None:
    charge = paid_charge()
    terms(charge.trial, late_return_days=30, late_return_percent=100)
    _comes_back(charge)
    _given_back(charge)

    item = charge.item
    assert item is not None
    item.refresh_from_db()
    item.unit.refresh_from_db()
    assert (item.outcome, item.unit.state, charge.state) == ("returned", "available", "refunded")
    assert _sums() == {}
    assert any("back" in subject for subject in subjects())
    names = {"item_kept", "item_returned", "fee_charged", "fee_refunded"}
    assert names <= set(Event.objects.values_list("name", flat=True))
    assert broken() == set()


def test_a_programme_may_keep_a_share() -> None:
    charge = paid_charge()
    terms(charge.trial, late_return_days=30, late_return_percent=80)
    _comes_back(charge)
    refund = _given_back(charge)

    assert refund.amount == charge.refunded == charge.amount * Decimal("0.8")
    assert charge.state == "partly_refunded"
    assert broken() == set()


def test_the_late_fee_is_kept_from_what_is_paid_back() -> None:
    charge = paid_charge()
    trial = terms(
        charge.trial,
        late_return_days=30,
        late_fee=Money("2.50", "EUR"),
        late_fee_cap=Money("10.00", "EUR"),
    )
    _comes_back(charge)
    _given_back(charge)

    fee = trial.charges.get(purpose="late")
    assert (fee.state, fee.amount) == ("paid", Money("10.00", "EUR"))
    assert charge.refunded == charge.amount - fee.amount
    assert _sums() == {"stripe": fee.amount.amount, "late_fees": -fee.amount.amount}
    assert broken() == set()
    with pytest.raises(ChargeNotPaidError):
        decide_refund(charge_id=fee.pk, by=ManagerFactory(), amount=fee.amount, reason="Goodwill")


def test_after_its_days_only_a_manager_takes_a_frame_back_and_says_what_is_paid_back() -> None:
    charge = paid_charge()
    terms(charge.trial, late_return_days=10)
    manager = ManagerFactory()
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        with pytest.raises(AlreadyChargedError, match="ask a manager"):
            _comes_back(charge)
        _comes_back(charge, by=manager)
        charge.refresh_from_db()
        assert (charge.to_decide, charge.refund_due.amount) == (True, 0)
        with pytest.raises(MayNotSettleError):
            decide_refund(
                charge_id=charge.pk, by=StaffFactory(), amount=charge.amount, reason="Kind"
            )
        with pytest.raises(ReasonMissingError):
            decide_refund(charge_id=charge.pk, by=manager, amount=charge.amount, reason="  ")
        half = Money("20.00", "EUR")
        decide_refund(charge_id=charge.pk, by=manager, amount=half, reason="Kind")
        went_through(Refund.objects.get())

    charge.refresh_from_db()
    assert (charge.to_decide, charge.refunded) == (False, half)
    assert broken() == set()


@pytest.mark.parametrize("finding", [Finding.DAMAGED, Finding.REPAIR])
def test_for_a_frame_that_comes_back_damaged_a_manager_decides(finding: Finding) -> None:
    charge = paid_charge()
    terms(charge.trial, late_return_days=30)
    _comes_back(charge, finding=finding)

    charge.refresh_from_db()
    assert charge.to_decide
    assert not Refund.objects.exists()
    decide_refund(
        charge_id=charge.pk, by=ManagerFactory(), amount=charge.amount * 0, reason="Broken"
    )
    charge.refresh_from_db()
    assert not charge.to_decide
    assert not Refund.objects.exists()


def test_nothing_is_paid_back_while_the_bank_decides_a_dispute() -> None:
    charge = paid_charge()
    terms(charge.trial, late_return_days=30)
    Payment.objects.update(dispute=Payment.Dispute.OPEN)
    _comes_back(charge)
    refund_due_charge(charge_id=charge.pk)

    charge.refresh_from_db()
    assert (charge.to_decide, charge.refund_due.amount) == (True, 0)
    assert not Refund.objects.exists()


def test_a_refund_that_fails_counts_as_paid_again_and_somebody_decides() -> None:
    charge = paid_charge()
    terms(charge.trial, late_return_days=30)
    _comes_back(charge)
    refund = _given_back(charge)
    assert charge.state == "refunded"
    went_through(refund, "failed")

    charge.refresh_from_db()
    assert (charge.state, charge.refunded.amount, charge.to_decide) == ("paid", 0, True)
    assert Event.objects.filter(name="fee_refund_failed").count() == 1
    assert broken() == set()


def test_the_refund_is_asked_for_once_however_often_the_worker_is_rung_for() -> None:
    charge = paid_charge()
    terms(charge.trial, late_return_days=30, late_return_percent=40)
    _comes_back(charge)
    for _time in range(3):
        refund_due_charge(charge_id=charge.pk)

    assert Refund.objects.count() == 1


def test_what_is_paid_while_its_frame_is_checked_in_is_paid_back() -> None:
    charge = owed_charge()
    _comes_back(charge)
    told(payment_of(charge), "succeeded")

    charge.refresh_from_db()
    assert charge.state == "waived"
    assert Refund.objects.get().amount == charge.amount
    went_through(Refund.objects.get())
    assert _sums() == {}
    assert broken() == set()
