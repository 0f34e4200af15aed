"""The pick list has put back what was taken for a box that was called off, and nothing else."""

import pytest
from django.test import Client

from shop.customers.models import User
from tests.factories.shop import StaffFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from trials.fulfilment.models import PickBatch
from trials.fulfilment.queries.batches import pick_lines
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.picking import pick_unit, report_not_found
from trials.home_trials.models import Trial
from trials.home_trials.services.packing import pack_unit
from trials.home_trials.services.replacing import replace_unit
from trials.home_trials.services.requests import cancel_trial
from trials.home_trials.states import TrialState
from trials.units.models import Grade, TrialUnit
from trials.units.services.tending import place_unit, put_away, put_back_on_shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return StaffFactory()


def _in_batch(ola: User, *, frames: int = 1) -> tuple[Trial, PickBatch, list[TrialUnit]]:
    trial = approved_trial(frames=frames)
    units = [item.unit for item in trial.items.select_related("unit").order_by("pk")]
    return trial, make_batch(count=1, by=ola), units


def _page(batch: PickBatch, ola: User) -> str:
    console = Client()
    console.force_login(ola)
    return console.get(f"/console/pick/{batch.pk}/").content.decode()


@pytest.mark.parametrize(
    "state",
    [
        state
        for state in TrialState
        if state not in (TrialState.REQUESTED, TrialState.DECLINED, TrialState.CANCELLED)
    ],
)
def test_what_is_on_its_way_or_at_a_customers_is_not_to_be_put_back(
    ola: User, state: TrialState
) -> None:
    trial, batch, units = _in_batch(ola, frames=2)
    for unit in units:
        pick_unit(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    # The state alone is what the list looks at; the way there is told elsewhere.
    Trial.objects.filter(pk=trial.pk).update(state=state)

    page = _page(batch, ola)

    assert "Put back" not in page
    assert "Leave it" not in page


def test_of_a_box_called_off_what_was_picked_is_put_back_and_the_rest_left(ola: User) -> None:
    trial, batch, (picked, left) = _in_batch(ola, frames=2)
    pick_unit(batch_id=batch.pk, barcode=picked.barcode, by=ola)
    cancel_trial(trial_id=trial.pk, by=ola)

    told = {line.barcode: (line.put_back, line.leave) for line in pick_lines(batch)}

    assert told == {picked.barcode: (True, False), left.barcode: (False, True)}
    page = _page(batch, ola)
    assert (page.count("Put back"), page.count("Leave it")) == (1, 1)


@pytest.mark.parametrize("take", ["pick", "pack"])
def test_once_it_is_on_its_shelf_nothing_is_said_of_it(ola: User, take: str) -> None:
    trial, batch, (unit,) = _in_batch(ola)
    if take == "pick":
        pick_unit(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    else:
        pack_unit(trial_id=trial.pk, barcode=unit.barcode, by=ola)
    cancel_trial(trial_id=trial.pk, by=ola)
    assert "Put back" in _page(batch, ola)

    put_away(barcode=unit.barcode, by=ola)

    page = _page(batch, ola)
    assert "Put back" not in page
    assert "Leave it" not in page


def test_what_was_put_back_is_fetched_anew_for_another_box_of_its_batch(ola: User) -> None:
    variant = VariantFactory()
    unit, _other = TrialUnitFactory.create_batch(2, variant=variant)
    trials = [approved_trial(variants=[variant]) for _ in range(2)]
    batch = make_batch(count=2, by=ola)
    first, second = sorted(trials, key=lambda each: each.items.get().unit_id != unit.pk)
    pick_unit(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    cancel_trial(trial_id=first.pk, by=ola)
    put_away(barcode=unit.barcode, by=ola)
    missing = second.items.get().unit

    noted = report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=ola)

    assert noted.replaced_by == unit
    assert PickBatch.objects.get(pk=batch.pk).state == "picking"
    # What was called off shows the unit no more: it is to be fetched for the second box.
    open_lines = [line.tote for line in pick_lines(batch) if line.open]
    assert open_lines == [second.totes.get().position]
    picked = pick_unit(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    assert (picked.tote.trial, picked.left) == (second, 0)
    assert PickBatch.objects.get(pk=batch.pk).state == "picked"


def test_what_comes_back_for_the_box_it_was_picked_for_once_is_picked_again(ola: User) -> None:
    trial, batch, (unit,) = _in_batch(ola)
    pick_unit(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    place_unit(unit_id=unit.pk, location="A1", grade=Grade.D, by=ola)
    other = TrialUnitFactory(variant=unit.variant)
    replace_unit(unit_id=unit.pk, by=ola)
    put_back_on_shelf(unit_id=unit.pk, grade=Grade.B, by=ola)

    noted = report_not_found(batch_id=batch.pk, barcode=other.barcode, by=ola)
    picked = pick_unit(batch_id=batch.pk, barcode=unit.barcode, by=ola)

    assert noted.replaced_by == unit
    assert picked.tote.trial == trial
    assert trial.items.get().picked_at is not None
