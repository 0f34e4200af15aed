"""A unit known to be worn is not lost where it is not on its shelf: it goes to repair."""

from collections.abc import Callable

import pytest
from django.test import Client

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from trials.fulfilment.models import PickBatch
from trials.fulfilment.queries.batches import count_short, pick_lines
from trials.fulfilment.services.batching import cancel_batch, make_batch
from trials.fulfilment.services.picking import pick_unit, report_not_found
from trials.home_trials.models import Trial
from trials.home_trials.services.replacing import replace_unit
from trials.home_trials.services.requests import cancel_trial
from trials.swaps.services import swap_frame
from trials.units.models import Grade, TrialUnit
from trials.units.services.tending import place_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return StaffFactory()


@pytest.fixture
def ops(client: Client, ola: User) -> Client:
    client.force_login(ola)
    return client


def _worn(ola: User) -> tuple[Trial, PickBatch, TrialUnit]:
    """Return a trial in a batch, the batch, and its unit, graded D since."""
    trial = approved_trial(frames=1)
    # Of another box its batch is still to fetch a unit.
    approved_trial(frames=1)
    batch = make_batch(count=2, by=ola)
    unit = trial.items.get().unit
    return trial, batch, place_unit(unit_id=unit.pk, location="A1", grade=Grade.D, by=ola)


def _is_in_repair(unit: TrialUnit, trial: Trial) -> bool:
    last = unit.movements.latest("pk")
    unit.refresh_from_db()
    return (unit.state, last.to_state, last.trial_id) == ("repair", "repair", trial.pk)


def _books_are_right() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


def test_the_pick_list_says_so_and_by_its_button_another_takes_its_place(
    ola: User, ops: Client
) -> None:
    trial, batch, unit = _worn(ola)
    other = TrialUnitFactory(variant=unit.variant, location="C4")
    page = f"/console/pick/{batch.pk}/"
    shown = ops.get(page).content.decode()
    assert "Not to be shown" in shown
    assert "Take another" in shown
    # The other line's.
    assert shown.count("Not there<") == 1

    done = ops.post(f"{page}not-found/", {"barcode": unit.barcode}, follow=True)

    assert f"{unit.barcode} goes to repair. Take {other.barcode} from shelf C4" in (
        done.content.decode()
    )
    assert "Not to be shown" not in done.content.decode()
    assert _is_in_repair(unit, trial)
    assert "Graded D" in unit.movements.latest("pk").reason
    assert other.barcode in [line.barcode for line in pick_lines(batch) if line.open]
    _books_are_right()


def test_the_scanner_asks_in_other_words_than_of_one_that_would_be_lost(
    ola: User, ops: Client
) -> None:
    trial, batch, unit = _worn(ola)
    TrialUnitFactory(variant=unit.variant)
    page = f"/console/pick/{batch.pk}/"

    asked = ops.post(page, {"barcode": "DO-NOT-THERE"}, headers={"HX-Request": "true"})

    assert "is graded D: scan “not there” once more, and another takes its place" in (
        asked.content.decode()
    )
    assert "it is lost" not in asked.content.decode()
    told = ops.post(page, {"barcode": "DO-NOT-THERE"}, headers={"HX-Request": "true"})
    assert f"{unit.barcode} goes to repair" in told.content.decode()
    assert _is_in_repair(unit, trial)


def test_programs_see_which_line_is_worn(ola: User, ops: Client) -> None:
    _trial, batch, unit = _worn(ola)

    lines = ops.get(f"/api/v1/staff/batches/{batch.pk}/").json()["lines"]

    assert [line["barcode"] for line in lines if line["worn"]] == [unit.barcode]


def test_short_of_one_it_goes_to_repair_once_another_is_free(ola: User) -> None:
    trial, batch, unit = _worn(ola)
    report_not_found(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    assert TrialUnit.objects.get(pk=unit.pk).state == "reserved"
    TrialUnitFactory(variant=unit.variant)

    report_not_found(batch_id=batch.pk, barcode=unit.barcode, by=ola)

    assert _is_in_repair(unit, trial)
    _books_are_right()


def test_its_own_page_has_another_taken_too_that_came_free_since(ola: User) -> None:
    trial, batch, unit = _worn(ola)
    report_not_found(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    other = TrialUnitFactory(variant=unit.variant)

    item = replace_unit(unit_id=unit.pk, by=ola)

    assert (item.unit, item.not_found_at) == (other, None)
    assert _is_in_repair(unit, trial)
    assert pick_unit(batch_id=batch.pk, barcode=other.barcode, by=ola).left == 1
    assert count_short(batch) == 0
    _books_are_right()


def _called_off(trial: Trial, _batch: PickBatch, by: User) -> None:
    cancel_trial(trial_id=trial.pk, by=by)


def _swapped(trial: Trial, batch: PickBatch, by: User) -> None:
    cancel_batch(batch_id=batch.pk, by=by)
    new = TrialUnitFactory().variant
    swap_frame(trial_id=trial.pk, item_id=trial.items.get().pk, variant_id=new.pk, by=by)


@pytest.mark.parametrize("lets_go", [_called_off, _swapped])
def test_a_box_that_was_short_of_it_sends_it_to_repair_when_it_lets_go(
    lets_go: Callable[[Trial, PickBatch, User], None], ola: User
) -> None:
    trial, batch, unit = _worn(ola)
    report_not_found(batch_id=batch.pk, barcode=unit.barcode, by=ola)

    lets_go(trial, batch, ola)

    assert _is_in_repair(unit, trial)
    _books_are_right()
