"""What acts cost is booked as they happen, once each."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from shop.foundation.outbox import carry_out_due
from shop.payments.models import LedgerTransaction
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import (
    TrialUnitFactory,
    approved_trial,
    delivered_trial,
    packed_trial,
)
from tests.shop.orders.buying import mark_paid, placed_order
from tests.trials.economics.costs import booked, rates
from tests.trials.returns.boxes_back import checked_in, item_of
from tests.trials.returns.trials_with_charges import broken
from tests.trials.shipping.easypost_double import EasyPostDouble
from trials.costs.models import CostRates, TrialCost
from trials.costs.services import book_goods
from trials.home_trials.services.requests import cancel_trial
from trials.home_trials.services.settling import settle_item
from trials.home_trials.states import ItemOutcome
from trials.returns.models.inspections import Finding
from trials.shipping.services.labels import create_labels
from trials.units.services.tending import retire_unit, send_to_repair, write_off_unit

pytestmark = pytest.mark.django_db


def test_nothing_is_booked_where_no_rates_were_entered() -> None:
    trial = delivered_trial(frames=1)
    create_labels(trial_id=trial.pk, by=StaffFactory())
    checked_in(item_of(trial))

    assert not TrialCost.objects.exists()


def test_labels_cost_the_shops_rate_once_however_often_they_are_printed() -> None:
    rates()
    trial = approved_trial()
    create_labels(trial_id=trial.pk, by=StaffFactory())
    create_labels(trial_id=trial.pk, by=StaffFactory())

    assert booked("shipping") == Decimal("8.60")
    assert set(TrialCost.objects.values_list("trial_id", flat=True)) == {trial.pk}


@pytest.mark.django_db(transaction=True)
def test_a_parcel_costs_what_its_carrier_asked(easypost: EasyPostDouble) -> None:
    rates()
    trial = approved_trial()
    parcels = create_labels(trial_id=trial.pk, by=StaffFactory())

    asked = sum(each.postage.amount for each in parcels)
    assert asked
    assert booked("shipping") == asked


def test_labels_of_a_trial_that_was_called_off_cost_nothing() -> None:
    rates()
    trial = approved_trial()
    create_labels(trial_id=trial.pk, by=StaffFactory())
    cancel_trial(trial_id=trial.pk, by=trial.user)
    carry_out_due()

    assert booked("shipping") == 0
    assert LedgerTransaction.objects.filter(kind="cost_shipping").count() == 4


def test_packing_is_work_on_each_unit() -> None:
    rates()
    packed_trial(frames=3)

    # Three times two minutes at 24.00 an hour.
    assert booked("labour") == Decimal("2.40")
    assert booked("costs_accrued") == Decimal("-2.40")


def test_a_unit_checked_in_is_work_and_cleaning_and_one_to_repair_costs_that_too() -> None:
    trial = delivered_trial(frames=2)
    rates()
    checked_in(item_of(trial, 0))
    checked_in(item_of(trial, 1), Finding.REPAIR)

    assert booked("labour") == Decimal("2.40")
    assert booked("refurbishment") == Decimal("8.10")
    assert booked("write_offs") == 0


def test_a_unit_damaged_beyond_use_is_written_off_at_its_share_of_the_price() -> None:
    rates()
    trial = delivered_trial(frames=1)
    item = item_of(trial)
    checked_in(item, Finding.DAMAGED)

    assert booked("write_offs") == item.price.amount * Decimal("0.4")
    cost = TrialCost.objects.get(transaction__kind="cost_write_off")
    assert (cost.trial_id, cost.unit_id) == (trial.pk, item.unit_id)
    assert cost.variant_id == item.variant_id


def test_a_unit_that_was_lost_and_is_retired_then_is_written_off_once() -> None:
    rates()
    unit, by = TrialUnitFactory(), ManagerFactory()
    write_off_unit(unit_id=unit.pk, by=by, reason="Not on its shelf")
    retire_unit(unit_id=unit.pk, by=by, reason="Not found")

    assert LedgerTransaction.objects.filter(kind="cost_write_off").count() == 1


def test_a_unit_lost_at_a_customers_that_comes_after_all_costs_nothing() -> None:
    trial = delivered_trial(frames=1)
    rates()
    item = item_of(trial)
    settle_item(item_id=item.pk, outcome=ItemOutcome.LOST)
    assert booked("write_offs")
    CostRates.objects.update(goods_percent=90)
    checked_in(item)

    assert booked("write_offs") == 0
    assert broken() == set()


def test_a_repair_off_the_shelf_belongs_to_no_trial() -> None:
    rates()
    send_to_repair(unit_id=TrialUnitFactory().pk, by=StaffFactory(), reason="Hinge")

    assert TrialCost.objects.get().trial_id is None
    assert booked("refurbishment") == Decimal("6.50")


def test_an_act_that_fails_books_nothing() -> None:
    rates()
    unit = TrialUnitFactory()
    with transaction.atomic():
        send_to_repair(unit_id=unit.pk, by=StaffFactory())
        assert TrialCost.objects.exists()
        transaction.set_rollback(True)

    assert not TrialCost.objects.exists()


def test_the_frames_of_a_paid_order_cost_their_share_once() -> None:
    rates()
    order = mark_paid(placed_order(quantity=2))
    carry_out_due()
    assert booked("goods") == order.total.amount * Decimal("0.4")

    with transaction.atomic():
        assert not book_goods(order_id=order.pk)


@pytest.mark.parametrize(
    "wrong", [{"cleaning": Decimal("-1")}, {"repair": Decimal("1.005")}, {"goods_percent": -1}]
)
def test_rates_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rates(**wrong)
