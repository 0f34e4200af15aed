"""The pick list has put back what was taken for a box that was called off, and nothing else."""

import pytest
from django.test import Client

from shop.customers.models import User
from tests.factories.shop import StaffFactory
from tests.factories.trials import approved_trial
from trials.fulfilment.models import PickBatch
from trials.fulfilment.queries.batches import pick_lines
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.picking import pick_unit
from trials.home_trials.models import Trial
from trials.home_trials.services.packing import pack_unit
from trials.home_trials.services.requests import cancel_trial
from trials.home_trials.states import TrialState
from trials.units.models import TrialUnit
from trials.units.services.tending import put_away

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
