"""A batch is picked once nothing of it is to be fetched, whichever way that came about."""

import pytest

from shop.customers.models import User
from shop.foundation.outbox import carry_out_due
from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from trials.fulfilment.models import PickBatch
from trials.fulfilment.services.batching import cancel_batch, finish_batch_of, make_batch
from trials.fulfilment.services.picking import pick_unit
from trials.home_trials.models import Trial
from trials.home_trials.services.packing import pack_unit
from trials.home_trials.services.replacing import replace_unit
from trials.home_trials.services.requests import cancel_trial
from trials.units.models import Grade
from trials.units.services.tending import place_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return StaffFactory()


def _barcodes(trial: Trial) -> list[str]:
    return list(trial.items.order_by("pk").values_list("unit__barcode", flat=True))


def _batch_of_two(ola: User) -> tuple[PickBatch, Trial, Trial]:
    """Return a batch of two boxes of one frame each, of which the first was picked."""
    first, second = approved_trial(frames=1), approved_trial(frames=1)
    batch = make_batch(count=2, by=ola)
    pick_unit(batch_id=batch.pk, barcode=_barcodes(first)[0], by=ola)
    return batch, first, second


def _state(batch: PickBatch) -> str:
    carry_out_due()
    batch.refresh_from_db()
    assert (batch.closed_at is None) == (batch.state == "picking")
    return batch.state


def test_packed_at_the_table_its_last_unit_ends_it(ola: User) -> None:
    batch, _first, second = _batch_of_two(ola)
    assert _state(batch) == "picking"

    pack_unit(trial_id=second.pk, barcode=_barcodes(second)[0], by=ola)

    assert _state(batch) == "picked"
    last = batch.transitions.last()
    assert (last.from_state, last.to_state, last.actor) == ("picking", "picked", None)
    assert "At the table the last unit was packed" in last.reason


def test_one_that_is_packed_while_others_are_to_be_fetched_does_not(ola: User) -> None:
    trial = approved_trial(frames=2)
    batch = make_batch(count=1, by=ola)
    one, other = _barcodes(trial)
    pack_unit(trial_id=trial.pk, barcode=one, by=ola)
    assert _state(batch) == "picking"

    pack_unit(trial_id=trial.pk, barcode=other, by=ola)

    assert _state(batch) == "picked"


def test_its_last_open_box_called_off_ends_it(ola: User) -> None:
    batch, _first, second = _batch_of_two(ola)

    cancel_trial(trial_id=second.pk, by=second.user)

    assert _state(batch) == "picked"
    finish_batch_of(trial_id=second.pk)
    assert batch.transitions.count() == 2


def test_one_that_was_given_up_stays_so(ola: User) -> None:
    batch, _first, second = _batch_of_two(ola)
    cancel_batch(batch_id=batch.pk, by=ola)

    pack_unit(trial_id=second.pk, barcode=_barcodes(second)[0], by=ola)

    assert _state(batch) == "cancelled"


def test_what_takes_the_place_of_the_last_is_to_be_fetched_first(ola: User) -> None:
    batch, _first, second = _batch_of_two(ola)
    unit = second.items.get().unit
    place_unit(unit_id=unit.pk, location="A1", grade=Grade.D, by=ola)
    other = TrialUnitFactory(variant=unit.variant)
    replace_unit(unit_id=unit.pk, by=ola)
    assert _state(batch) == "picking"

    pack_unit(trial_id=second.pk, barcode=other.barcode, by=ola)

    assert _state(batch) == "picked"


def test_made_of_what_is_packed_already_it_has_nothing_to_fetch(ola: User) -> None:
    trial = approved_trial(frames=1)
    pack_unit(trial_id=trial.pk, barcode=_barcodes(trial)[0], by=ola)
    carry_out_due()

    batch = make_batch(count=1, by=ola)

    assert _state(batch) == "picked"
    assert [each.to_state for each in batch.transitions.order_by("pk")] == ["picking", "picked"]
