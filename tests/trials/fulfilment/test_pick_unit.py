"""A scan at the shelf tells the tote; whatever is not to be picked is refused with its reason."""

from collections.abc import Callable

import pytest

from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from trials.fulfilment.errors import (
    AlreadyPickedError,
    BatchOverError,
    NotInBatchError,
    TrialGoneError,
)
from trials.fulfilment.models import PickBatch, UnitNotFound
from trials.fulfilment.queries.batches import pick_lines, units_short
from trials.fulfilment.services.batching import cancel_batch, make_batch
from trials.fulfilment.services.picking import Picked, pick_unit, report_not_found
from trials.home_trials.errors import UnknownBarcodeError
from trials.home_trials.models import Trial
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import cancel_trial
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db


def _pick(batch: PickBatch, unit: TrialUnit | str) -> Picked:
    return pick_unit(batch_id=batch.pk, barcode=str(unit), by=StaffFactory())


def _missing(batch: PickBatch, unit: TrialUnit) -> UnitNotFound:
    return report_not_found(batch_id=batch.pk, barcode=unit.barcode, by=StaffFactory())


def _units(trial: Trial) -> list[TrialUnit]:
    return [item.unit for item in trial.items.select_related("unit").order_by("pk")]


def test_each_unit_goes_into_its_trials_tote_and_the_last_ends_the_batch() -> None:
    first, second = approved_trial(frames=1), approved_trial(frames=1)
    batch = make_batch(count=2, by=StaffFactory())
    picked = _pick(batch, _units(second)[0])

    assert (picked.tote.position, picked.tote.trial, picked.left) == (2, second, 1)
    assert _pick(batch, _units(first)[0].barcode.lower()).left == 0
    batch.refresh_from_db()
    assert (batch.state, batch.transitions.last().to_state) == ("picked", "picked")
    assert batch.closed_at is not None


def test_a_unit_of_no_tote_is_refused() -> None:
    approved_trial()
    batch, stranger = make_batch(count=1, by=StaffFactory()), TrialUnitFactory()
    with pytest.raises(NotInBatchError, match="not part of this batch"):
        _pick(batch, stranger)


def test_another_piece_of_the_right_frame_is_refused_with_the_one_to_take() -> None:
    unit = TrialUnitFactory()
    trial = approved_trial(variants=[unit.variant])
    other = TrialUnitFactory(variant=unit.variant)
    batch = make_batch(count=1, by=StaffFactory())
    with pytest.raises(NotInBatchError, match="another piece") as refusal:
        _pick(batch, other)
    assert refusal.value.extra["wanted"] == _units(trial)[0].barcode


def test_a_unit_is_picked_once() -> None:
    trial = approved_trial()
    batch = make_batch(count=1, by=StaffFactory())
    _pick(batch, _units(trial)[0])
    with pytest.raises(AlreadyPickedError, match="tote 1"):
        _pick(batch, _units(trial)[0])


def test_what_no_unit_has_is_refused() -> None:
    approved_trial()
    with pytest.raises(UnknownBarcodeError):
        _pick(make_batch(count=1, by=StaffFactory()), "NONSENSE")


def test_a_trial_that_was_called_off_stays_on_the_shelf_and_holds_nobody_up() -> None:
    trial, other = approved_trial(frames=1), approved_trial(frames=1)
    batch = make_batch(count=2, by=StaffFactory())
    unit = _units(trial)[0]
    cancel_trial(trial_id=trial.pk, by=StaffFactory())
    with pytest.raises(TrialGoneError, match="Leave"):
        _pick(batch, unit)

    assert _pick(batch, _units(other)[0]).left == 0


def test_a_unit_that_a_called_off_trial_had_goes_to_the_one_that_holds_it_now() -> None:
    unit = TrialUnitFactory()
    gone = approved_trial(variants=[unit.variant])
    batch = make_batch(count=1, by=StaffFactory())
    cancel_trial(trial_id=gone.pk, by=StaffFactory())
    now = approved_trial(variants=[unit.variant])
    later = make_batch(count=1, by=StaffFactory())

    assert _pick(later, unit).tote.trial == now
    with pytest.raises(TrialGoneError):
        _pick(batch, unit)


@pytest.mark.parametrize("act", [_pick, _missing])
def test_nothing_is_picked_of_a_batch_that_is_over(
    act: Callable[[PickBatch, TrialUnit], object],
) -> None:
    trial = approved_trial()
    batch = make_batch(count=1, by=StaffFactory())
    cancel_batch(batch_id=batch.pk, by=StaffFactory())
    with pytest.raises(BatchOverError):
        act(batch, _units(trial)[0])


def test_a_unit_not_on_its_shelf_is_lost_and_another_takes_its_place() -> None:
    unit = TrialUnitFactory()
    trial = approved_trial(variants=[unit.variant])
    other = TrialUnitFactory(variant=unit.variant)
    batch = make_batch(count=1, by=StaffFactory())
    missing = _units(trial)[0]
    note = _missing(batch, missing)

    assert note.replaced_by == other
    missing.refresh_from_db()
    other.refresh_from_db()
    assert (missing.state, other.state) == ("lost", "reserved")
    movement = missing.movements.last()
    assert (movement.to_state, movement.trial_id) == ("lost", trial.pk)
    assert "Not on its shelf" in movement.reason
    assert [line.unit_id for line in pick_lines(batch)] == [other.pk]
    assert _pick(batch, other).left == 0
    by = StaffFactory()
    pack_unit(trial_id=trial.pk, barcode=other.barcode, by=by)
    assert finish_packing(trial_id=trial.pk, by=by).state == "packed"


def test_where_no_other_is_free_the_trial_is_short_until_the_unit_turns_up() -> None:
    trial = approved_trial(frames=2)
    here, missing = _units(trial)
    batch = make_batch(count=1, by=StaffFactory())
    note = _missing(batch, missing)

    assert note.replaced_by is None
    assert [each.unit for each in units_short()] == [missing]
    missing.refresh_from_db()
    assert missing.state == "reserved"
    assert [line.short for line in pick_lines(batch) if line.unit_id == missing.pk] == [True]
    _pick(batch, missing)
    assert not units_short().exists()
    assert _pick(batch, here).left == 0


def test_a_batch_ends_without_what_is_short() -> None:
    trial = approved_trial(frames=1)
    batch = make_batch(count=1, by=StaffFactory())
    _missing(batch, _units(trial)[0])
    batch.refresh_from_db()
    assert batch.state == "picked"


def test_said_again_once_another_is_free_it_takes_that_one() -> None:
    trial = approved_trial(frames=2)
    missing = _units(trial)[0]
    batch = make_batch(count=1, by=StaffFactory())
    _missing(batch, missing)
    other = TrialUnitFactory(variant=missing.variant)

    assert _missing(batch, missing).replaced_by == other
    assert UnitNotFound.objects.count() == 1


def test_a_unit_that_was_picked_is_not_missing() -> None:
    trial = approved_trial()
    batch = make_batch(count=1, by=StaffFactory())
    _pick(batch, _units(trial)[0])
    with pytest.raises(AlreadyPickedError):
        _missing(batch, _units(trial)[0])


def test_a_unit_that_was_packed_straight_from_its_shelf_is_not_missing() -> None:
    trial = approved_trial(frames=2)
    batch = make_batch(count=1, by=StaffFactory())
    unit = _units(trial)[0]
    pack_unit(trial_id=trial.pk, barcode=unit.barcode, by=StaffFactory())

    with pytest.raises(AlreadyPickedError):
        _missing(batch, unit)
    unit.refresh_from_db()
    assert unit.state == "packed"
