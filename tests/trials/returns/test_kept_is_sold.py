"""A frame that a customer keeps is a sale, without the tax within it, at the cost of its goods."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from djmoney.money import Money

from shop.customers.models import Address
from shop.payments import purposes
from shop.payments.models import LedgerEntry, Refund
from shop.payments.services.refunds import request_refund
from tests.factories.shop import StaffFactory
from tests.trials.economics.costs import rates
from tests.trials.returns.trials_with_charges import (
    broken,
    overdue_trial,
    payment_of,
    terms,
    told,
    went_through,
)
from trials.economics.queries import By, trial_margins
from trials.programme.models import Mode
from trials.reports.services import keep_frame
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit
from trials.returns.services.keeping import charge_kept
from trials.returns.services.refunding import refund_due_charge
from trials.units.models import Grade

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _books(settings: Any) -> None:
    settings.SALES_TAX_PERCENT = {"DE": "19"}
    rates(shipping_out=0, shipping_back=0, hourly_wage=0, cleaning=0)


def _kept(country: str = "DE", **rules: Any) -> TrialCharge:
    trial = terms(overdue_trial(frames=1), mode=Mode.KEEP_AND_PAY, **rules)
    Address.objects.filter(pk=trial.address_id).update(country=country)
    item = trial.items.get()
    keep_frame(user=trial.user, number=trial.number, item_id=item.pk)
    (charge,) = charge_kept(trial_id=trial.pk)
    told(payment_of(charge), "succeeded")
    charge.refresh_from_db()
    return charge


def _sums() -> dict[str, Decimal]:
    rows = LedgerEntry.objects.values_list("account").annotate(Sum("amount"))
    return {account: amount for account, amount in rows if amount}


def test_it_is_booked_as_a_sale_its_tax_apart_and_its_cost_as_goods() -> None:
    charge = _kept()
    assert charge.amount == Money("145.00", "EUR")
    assert _sums() == {
        "stripe": Decimal("145.00"),
        "kept_sales": Decimal("-121.85"),
        # 145 x 19 / 119
        "sales_tax": Decimal("-23.15"),
        "goods": Decimal("58.00"),
        "inventory": Decimal("-58.00"),
    }
    assert broken() == set()


def test_where_no_tax_is_named_none_is_booked() -> None:
    _kept(country="CH")
    assert _sums()["kept_sales"] == Decimal("-145.00")
    assert "sales_tax" not in _sums()


def test_it_is_income_and_cost_of_its_trial_and_frame() -> None:
    charge = _kept()
    at = charge.created_at
    [group] = trial_margins(
        since=at.replace(year=at.year - 1),
        until=at.replace(year=at.year + 1),
        by=By.FRAME,
        currency="EUR",
    ).groups
    assert group.accounts == {"kept_sales": Decimal("121.85"), "goods": Decimal("-58.00")}


def test_parts_that_are_given_back_leave_no_cent_of_tax() -> None:
    charge = _kept()
    payment = payment_of(charge)
    for part in ("33.33", "33.33", "78.34"):
        request_refund(payment_id=payment.pk, amount=Money(part, "EUR"), by=None, reason="Part")
        went_through(Refund.objects.latest("created_at"))
    assert set(_sums()) == {"goods", "inventory"}
    assert broken() == set()


def test_a_refund_that_fails_is_booked_back_as_it_was() -> None:
    charge = _kept()
    before = _sums()
    request_refund(
        payment_id=payment_of(charge).pk, amount=Money("33.33", "EUR"), by=None, reason="Part"
    )
    refund = Refund.objects.get()
    went_through(refund)
    assert _sums() != before
    went_through(refund, "failed")
    assert _sums() == before


def test_one_that_comes_back_takes_sale_tax_and_cost_back() -> None:
    charge = _kept(late_return_days=30, late_return_percent=100)
    _comes_back(charge)
    assert _sums() == {}
    assert broken() == set()


def test_the_fee_for_late_days_leaves_no_tax_of_a_sale_that_is_none() -> None:
    charge = _kept(
        late_return_days=30,
        late_return_percent=100,
        late_fee=Money("2.00", "EUR"),
        late_fee_cap=Money("10.00", "EUR"),
    )
    _comes_back(charge)
    assert _sums() == {"stripe": Decimal("10.00"), "late_fees": Decimal("-10.00")}
    assert broken() == set()


def test_what_was_booked_as_unreturned_before_is_taken_back_from_there(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SALES_TAX_PERCENT = {}
    register_as(LedgerEntry.Account.UNRETURNED, monkeypatch)
    charge = _kept(late_return_days=30, late_return_percent=100)
    assert _sums()["unreturned"] == Decimal("-145.00")
    register_as(LedgerEntry.Account.KEPT_SALES, monkeypatch)

    _comes_back(charge)
    assert _sums() == {}


def register_as(account: LedgerEntry.Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Book kept frames where an earlier release, or this one, does."""
    purpose = replace(purposes._purposes["kept_frame"], account=account)
    monkeypatch.setitem(purposes._purposes, "kept_frame", purpose)


def _comes_back(charge: TrialCharge) -> None:
    check_in_unit(
        trial_id=charge.trial_id,
        barcode=charge.item.unit.barcode if charge.item else "",
        finding=Finding.GOOD,
        grade=Grade.B,
        by=StaffFactory(),
    )
    refund_due_charge(charge_id=charge.pk)
    went_through(Refund.objects.get())
