"""The deposit pays a debt that is written off before the rest of it goes back."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.locks import lock_row
from shop.payments.errors import RefundRefusedError
from shop.payments.models import LedgerEntry, Payment, Refund
from shop.payments.services.charges import request_payment
from tests.at_once import at_once
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.trials.returns.trials_with_charges import (
    broken,
    owed_charge,
    subjects,
    terms,
    told,
    went_through,
)
from trials.home_trials.models import Trial
from trials.home_trials.services.paying import give_back
from trials.returns.errors import ChargeSettledError, DecidedMeanwhileError
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit
from trials.returns.services.letting_go import waive_charge, write_off_charge
from trials.returns.services.refunding import decide_refund
from trials.units.models import Grade

pytestmark = pytest.mark.django_db
PRICE = Money("145.00", "EUR")


def _owed(*, deposit: str = "50.00", asked: str = "0") -> TrialCharge:
    """Return what is owed of a trial whose deposits are paid."""
    charge = owed_charge()
    trial = terms(charge.trial, deposit=Money(deposit, "EUR"))
    trial.asked_deposit = Money(asked, "EUR")
    trial.save()
    for purpose, amount in (("trial", deposit), ("trial_deposit", asked)):
        if Decimal(amount):
            payment = request_payment(
                user=trial.user,
                purpose=purpose,
                reference=trial.number,
                amount=Money(amount, "EUR"),
                card=trial.card,
            )
            told(payment, "succeeded")
    return charge


def _written_off(**deposits: str) -> TrialCharge:
    charge = _owed(**deposits)
    write_off_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Never paid")
    charge.refresh_from_db()
    return charge


def _given_back(trial_id: Any) -> list[Decimal]:
    give_back(trial_id=trial_id)
    for refund in Refund.objects.filter(state="requested"):
        went_through(refund)
    Trial.objects.update(closed_at=timezone.now() - timedelta(hours=2))
    return sorted(Refund.objects.values_list("amount", flat=True))


def _sums() -> dict[str, Decimal]:
    rows = LedgerEntry.objects.values_list("account").annotate(Sum("amount"))
    return {account: amount for account, amount in rows if amount}


def test_a_debt_above_the_deposit_keeps_it_whole_and_she_is_told() -> None:
    charge = _written_off(deposit="50.00")

    assert (charge.state, charge.from_deposit) == ("written_off", Money("50.00", "EUR"))
    assert Trial.objects.get().kept_deposit == Money("50.00", "EUR")
    assert [each for each in subjects() if "pays what is owed" in each]
    assert _given_back(charge.trial_id) == []
    assert _sums() == {"stripe": Decimal("50"), "unreturned": Decimal("-50")}
    assert broken() == set()


def test_what_the_debt_leaves_of_it_goes_back_once() -> None:
    charge = _written_off(deposit="200.00")

    assert charge.from_deposit == PRICE
    assert _given_back(charge.trial_id) == [Decimal("55.00")]
    assert _given_back(charge.trial_id) == [Decimal("55.00")]
    assert _sums() == {"stripe": Decimal("145"), "unreturned": Decimal("-145")}
    assert broken() == set()


def test_both_deposits_pay_and_the_rest_goes_back_from_where_it_is() -> None:
    charge = _written_off(deposit="100.00", asked="80.00")

    assert charge.from_deposit == PRICE
    assert _given_back(charge.trial_id) == [Decimal("35.00")]
    assert _sums() == {"stripe": Decimal("145"), "unreturned": Decimal("-145")}
    assert broken() == set()


def test_what_is_waived_is_not_paid_by_it() -> None:
    charge = _owed(deposit="50.00")
    waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Our mistake")

    assert _given_back(charge.trial_id) == [Decimal("50.00")]
    assert _sums() == {}
    assert broken() == set()


def test_written_off_twice_it_pays_once() -> None:
    charge = _written_off(deposit="200.00")
    assert charge.settled_by is not None
    write_off_charge(charge_id=charge.pk, by=charge.settled_by, reason="Again")
    with pytest.raises(ChargeSettledError):
        write_off_charge(charge_id=charge.pk, by=ManagerFactory(), reason="And again")
    assert Trial.objects.get().kept_deposit == PRICE


@pytest.mark.parametrize("dispute", ["open", "lost"])
def test_nothing_is_kept_of_money_that_she_disputes(dispute: str) -> None:
    charge = _owed(deposit="50.00")
    Payment.objects.filter(purpose="trial").update(dispute=dispute)
    write_off_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Never paid")
    charge.refresh_from_db()
    assert not charge.from_deposit.amount


def _comes_back(charge: TrialCharge, finding: Finding = Finding.GOOD) -> None:
    check_in_unit(
        trial_id=charge.trial_id,
        barcode=charge.item.unit.barcode if charge.item else "",
        finding=finding,
        grade=Grade.D if finding == Finding.DAMAGED else Grade.B,
        by=StaffFactory(),
    )
    charge.refresh_from_db()


def test_a_frame_that_turns_up_in_time_gives_back_what_the_deposit_paid() -> None:
    charge = _written_off(deposit="200.00")
    terms(charge.trial, late_return_days=30, late_return_percent=100)
    assert _given_back(charge.trial_id) == [Decimal("55.00")]
    _comes_back(charge)

    assert not charge.from_deposit.amount
    assert _given_back(charge.trial_id) == [Decimal("55.00"), Decimal("145.00")]
    assert _sums() == {}
    assert broken() == set()


def test_one_that_turns_up_damaged_is_for_a_manager_to_decide() -> None:
    charge = _written_off(deposit="200.00")
    terms(charge.trial, late_return_days=30)
    _comes_back(charge, Finding.DAMAGED)
    assert charge.to_decide

    manager = ManagerFactory()
    for amount in (Money("146.00", "EUR"), Money("1.00", "USD")):
        with pytest.raises(RefundRefusedError):
            decide_refund(charge_id=charge.pk, by=manager, amount=amount, reason="Half of it")
    for share in ("40.00", "30.00"):
        decide_refund(charge_id=charge.pk, by=manager, amount=Money(share, "EUR"), reason="Half")
    charge.refresh_from_db()
    assert (charge.to_decide, charge.from_deposit) == (False, Money("75.00", "EUR"))
    with pytest.raises(DecidedMeanwhileError):
        decide_refund(
            charge_id=charge.pk,
            by=manager,
            amount=Money("10.00", "EUR"),
            reason="Of another tab",
            undecided=True,
        )
    _given_back(charge.trial_id)
    assert _sums() == {"stripe": Decimal("75"), "unreturned": Decimal("-75")}
    assert broken() == set()


@pytest.mark.django_db(transaction=True)
def test_of_managers_who_decide_at_once_one_gives_back_and_the_others_are_told() -> None:
    charge = _written_off(deposit="200.00")
    terms(charge.trial, late_return_days=30)
    _comes_back(charge, Finding.DAMAGED)
    acts = [
        partial(
            decide_refund,
            charge_id=charge.pk,
            by=ManagerFactory(),
            amount=Money("40.00", "EUR"),
            reason="Half of it",
            undecided=True,
        )
        for _each in range(4)
    ]

    outcomes = at_once(acts, expected=DecidedMeanwhileError)

    assert sum(isinstance(each, TrialCharge) for each in outcomes) == 1
    charge.refresh_from_db()
    assert (charge.to_decide, charge.from_deposit) == (False, Money("105.00", "EUR"))
    assert broken() == set()


def test_the_audit_finds_what_is_kept_and_not_booked() -> None:
    charge = _written_off(deposit="50.00")
    Trial.objects.filter(pk=lock_row(Trial, charge.trial_id).pk).update(
        kept_deposit=Money("20.00", "EUR")
    )
    assert "What is kept of a trial's deposit is what it paid of the trial's charges" in broken()
