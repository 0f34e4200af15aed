"""A late fee that was kept of a refund goes back, in the books too, with what it was kept of."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from djmoney.money import Money

from shop.payments.models import LedgerEntry, Refund
from tests.factories.shop import ManagerFactory
from tests.trials.returns.boxes_back import checked_in, item_of
from tests.trials.returns.trials_with_charges import broken, overdue_trial, payment_of, terms, told
from tests.trials.returns.trials_with_charges import went_through as went
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.refunding import decide_refund, refund_due_charge

pytestmark = pytest.mark.django_db
FEE = Money("10.00", "EUR")


def _kept() -> tuple[TrialCharge, TrialCharge]:
    """Return a charge of a frame that came back late, and the fee that was kept of its refund."""
    trial = terms(
        overdue_trial(frames=2),
        late_return_days=30,
        late_return_percent=100,
        late_fee=Money("2.50", "EUR"),
        late_fee_cap=FEE,
    )
    for charge in charge_unreturned(trial_id=trial.pk):
        told(payment_of(charge), "succeeded")
    first = item_of(trial)
    checked_in(first)
    charge = trial.charges.get(item=first)
    refund_due_charge(charge_id=charge.pk)
    went(Refund.objects.get())
    charge.refresh_from_db()
    fee = trial.charges.get(purpose="late")
    assert (fee.kept_from, fee.state, fee.amount) == (charge, "paid", FEE)
    assert _sums() == {"late_fees": -10, "unreturned": -145, "stripe": 155}
    return charge, fee


def _given_back(charge: TrialCharge, amount: str, status: str = "succeeded") -> Refund:
    decide_refund(
        charge_id=charge.pk, by=ManagerFactory(), amount=Money(amount, "EUR"), reason="In time"
    )
    refund = Refund.objects.get(state="requested")
    went(refund, status)
    charge.refresh_from_db()
    return refund


def _sums() -> dict[str, Decimal]:
    rows = LedgerEntry.objects.values_list("account").annotate(Sum("amount"))
    return {account: amount for account, amount in rows if amount}


def test_given_back_with_its_charge_it_is_no_income() -> None:
    charge, fee = _kept()

    _given_back(charge, "4.00")
    fee.refresh_from_db()
    assert (fee.state, fee.refunded) == ("partly_refunded", Money("4.00", "EUR"))
    assert _sums() == {"late_fees": -6, "unreturned": -145, "stripe": 151}

    _given_back(charge, "6.00")
    fee.refresh_from_db()
    assert (fee.state, fee.refunded, charge.state) == ("refunded", FEE, "refunded")
    assert _sums() == {"unreturned": -145, "stripe": 145}
    assert broken() == set()


def test_of_a_refund_that_came_back_from_the_bank_it_is_kept_again() -> None:
    charge, fee = _kept()
    refund = _given_back(charge, "10.00")

    went(refund, "failed")

    fee.refresh_from_db()
    charge.refresh_from_db()
    assert (fee.state, fee.refunded.amount, charge.refunded) == ("paid", 0, charge.amount - FEE)
    assert _sums() == {"late_fees": -10, "unreturned": -145, "stripe": 155}
    assert broken() == set()


def test_what_is_given_back_of_another_frame_leaves_it() -> None:
    _charge, fee = _kept()
    other = Trial.objects.get().charges.exclude(item=None).get(state="paid")

    _given_back(other, "145.00")

    fee.refresh_from_db()
    assert fee.state == "paid"
    assert _sums() == {"late_fees": -10, "stripe": 10}
    assert broken() == set()
