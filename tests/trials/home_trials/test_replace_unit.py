"""A unit graded D while it is kept for a box neither goes out in it nor is given out after it."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from tests.at_once import at_once
from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial, requested_trial
from trials.fulfilment.queries.batches import pick_lines
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.picking import pick_unit
from trials.home_trials.errors import NothingToReplaceError, UnitNotFitError
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.journey import mark_shipped
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.replacing import replace_unit
from trials.home_trials.services.requests import cancel_trial, decline_trial
from trials.swaps.services import swap_frame
from trials.units.errors import NothingFreeError
from trials.units.models import Grade, TrialUnit
from trials.units.services.tending import place_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return StaffFactory()


def _graded_d(trial: Trial, by: User) -> TrialUnit:
    unit = trial.items.get().unit
    return place_unit(unit_id=unit.pk, location=unit.location, grade=Grade.D, by=by)


def _state(unit: TrialUnit) -> str:
    return TrialUnit.objects.get(pk=unit.pk).state


def _books_are_right() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


def test_it_is_neither_picked_nor_packed_and_another_takes_its_place(ola: User) -> None:
    trial = approved_trial(frames=1)
    batch = make_batch(count=1, by=ola)
    unit = _graded_d(trial, ola)
    with pytest.raises(UnitNotFitError, match="Take another unit"):
        pick_unit(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    with pytest.raises(UnitNotFitError, match="Take another unit"):
        pack_unit(trial_id=trial.pk, barcode=unit.barcode, by=ola)
    other = TrialUnitFactory(variant=unit.variant)

    item = replace_unit(unit_id=unit.pk, by=ola)

    assert (item.unit, item.trial) == (other, trial)
    assert (_state(unit), _state(other)) == ("repair", "reserved")
    last = unit.movements.latest("pk")
    assert (last.from_state, last.trial_id, last.actor) == ("reserved", trial.pk, ola)
    assert [line.barcode for line in pick_lines(batch) if line.open] == [other.barcode]
    _books_are_right()
    pick_unit(batch_id=batch.pk, barcode=other.barcode, by=ola)
    pack_unit(trial_id=trial.pk, barcode=other.barcode, by=ola)
    assert finish_packing(trial_id=trial.pk, by=ola).state == "packed"


def test_what_was_picked_before_is_fetched_anew_though_its_batch_was_picked(ola: User) -> None:
    trial = approved_trial(frames=1)
    batch = make_batch(count=1, by=ola)
    pick_unit(batch_id=batch.pk, barcode=trial.items.get().unit.barcode, by=ola)
    unit = _graded_d(trial, ola)
    other = TrialUnitFactory(variant=unit.variant)

    replace_unit(unit_id=unit.pk, by=ola)

    assert pick_unit(batch_id=batch.pk, barcode=other.barcode, by=ola).left == 0
    _books_are_right()


def test_a_box_is_not_closed_over_one_that_was_graded_d_in_it(ola: User) -> None:
    trial = approved_trial(frames=1)
    pack_unit(trial_id=trial.pk, barcode=trial.items.get().unit.barcode, by=ola)
    unit = _graded_d(trial, ola)
    with pytest.raises(UnitNotFitError):
        finish_packing(trial_id=trial.pk, by=ola)
    other = TrialUnitFactory(variant=unit.variant)

    item = replace_unit(unit_id=unit.pk, by=ola)

    assert (item.unit, item.packed_at) == (other, None)
    assert _state(unit) == "repair"
    _books_are_right()


def _declined(trial: Trial, by: User) -> None:
    decline_trial(trial_id=trial.pk, by=by, reason="No")


def _cancelled(trial: Trial, by: User) -> None:
    cancel_trial(trial_id=trial.pk, by=by)


def _swapped(trial: Trial, by: User) -> None:
    new = TrialUnitFactory().variant
    swap_frame(trial_id=trial.pk, item_id=trial.items.get().pk, variant_id=new.pk, by=by)


@pytest.mark.parametrize("lets_go", [_declined, _cancelled, _swapped])
def test_what_lets_go_of_it_sends_it_to_repair(
    lets_go: Callable[[Trial, User], None], ola: User
) -> None:
    trial = requested_trial(frames=2)
    fine, worn = [item.unit for item in trial.items.order_by("pk")]
    if lets_go is _swapped:
        trial = requested_trial(frames=1)
        worn = trial.items.get().unit
    place_unit(unit_id=worn.pk, location="B2", grade=Grade.D, by=ola)

    lets_go(trial, ola)

    assert _state(worn) == "repair"
    assert worn.movements.latest("pk").trial_id == trial.pk
    if lets_go is not _swapped:
        assert _state(fine) == "available"
    _books_are_right()


def test_where_no_other_is_free_all_stays_as_it_is(ola: User) -> None:
    unit = _graded_d(approved_trial(frames=1), ola)

    with pytest.raises(NothingFreeError, match="call the box off"):
        replace_unit(unit_id=unit.pk, by=ola)

    assert _state(unit) == "reserved"


def test_what_is_fit_or_in_no_box_that_is_here_stays(ola: User) -> None:
    trial = approved_trial(frames=1)
    fit, free = trial.items.get().unit, TrialUnitFactory()
    TrialUnitFactory(variant=fit.variant)
    for unit in (fit, free):
        with pytest.raises(NothingToReplaceError):
            replace_unit(unit_id=unit.pk, by=ola)
    pack_unit(trial_id=trial.pk, barcode=fit.barcode, by=ola)
    finish_packing(trial_id=trial.pk, by=ola)
    _graded_d(trial, ola)
    # Its carrier has it: nobody opens it any more.
    mark_shipped(trial_id=trial.pk)

    with pytest.raises(NothingToReplaceError):
        replace_unit(unit_id=fit.pk, by=ola)


def test_staff_take_another_on_its_page_and_by_the_api(ola: User, client: Client) -> None:
    first, second = approved_trial(frames=1), approved_trial(frames=1)
    client.force_login(ola)
    unit = _graded_d(first, ola)
    other = TrialUnitFactory(variant=unit.variant, location="C4")
    assert "Take another unit" in client.get(f"/console/units/{unit.barcode}/").content.decode()

    done = client.post(f"/console/units/{unit.barcode}/another/", follow=True)

    assert f"{other.barcode} takes its place in {first.number}" in done.content.decode()
    assert "Take another unit" not in done.content.decode()
    assert first.items.get().unit == other

    unit = _graded_d(second, ola)
    another = TrialUnitFactory(variant=unit.variant)
    api = APIClient()
    api.force_authenticate(ola)
    path = f"/api/v1/staff/units/{unit.barcode}/another/"
    answer = api.post(path, HTTP_IDEMPOTENCY_KEY="one")
    assert (answer.status_code, answer.json()["barcode"]) == (200, another.barcode)
    assert api.post(path, HTTP_IDEMPOTENCY_KEY="two").status_code == 409
    api.force_authenticate(second.user)
    assert api.post(path, HTTP_IDEMPOTENCY_KEY="three").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_who_take_another_at_once_take_one(ola: User) -> None:
    trial = approved_trial(frames=1)
    unit = _graded_d(trial, ola)
    for _each in range(2):
        TrialUnitFactory(variant=unit.variant)

    results = at_once(
        [lambda: replace_unit(unit_id=unit.pk, by=ola)] * 2, expected=NothingToReplaceError
    )

    assert sorted(type(each) for each in results if isinstance(each, TrialItem)) == [TrialItem]
    assert TrialUnit.objects.filter(state="reserved").count() == 1
    _books_are_right()
