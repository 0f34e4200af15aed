"""A box that is short of a unit when its batch ends takes another later, or is called off."""

import pytest
from django.db import transaction
from django.test import Client

from shop.foundation.locks import lock_row
from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from tests.trials.returns.boxes_back import broken_laws
from trials.fulfilment.errors import BatchOverError
from trials.fulfilment.models import PickBatch
from trials.fulfilment.queries.batches import count_open, count_short, pick_lines, units_short
from trials.fulfilment.services.batching import cancel_batch, make_batch
from trials.fulfilment.services.picking import pick_unit, report_not_found
from trials.home_trials.models import Trial
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.replacing import replace_unit
from trials.home_trials.services.requests import cancel_trial
from trials.swaps.services import swap_frame
from trials.units.models import Grade, TrialUnit
from trials.units.services.moving import move_unit
from trials.units.services.tending import place_unit, put_away, put_back_on_shelf
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db


def _short() -> tuple[Trial, PickBatch, TrialUnit]:
    """Return a trial of one frame whose unit is missing, its batch, which is picked, and it."""
    trial = approved_trial(frames=1)
    batch = make_batch(count=1, by=StaffFactory())
    missing = trial.items.get().unit
    report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=StaffFactory())
    batch.refresh_from_db()
    assert batch.state == "picked"
    return trial, batch, missing


def test_once_another_is_free_it_is_taken_picked_and_packed() -> None:
    trial, batch, missing = _short()
    other, by = TrialUnitFactory(variant=missing.variant), StaffFactory()

    note = report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=by)

    assert note.replaced_by == other
    assert pick_unit(batch_id=batch.pk, barcode=other.barcode, by=by).left == 0
    missing.refresh_from_db()
    batch.refresh_from_db()
    assert (missing.state, batch.state) == ("lost", "picked")
    assert not units_short().exists()
    pack_unit(trial_id=trial.pk, barcode=other.barcode, by=by)
    assert finish_packing(trial_id=trial.pk, by=by).state == "packed"
    assert broken_laws() == []
    with pytest.raises(BatchOverError):
        pick_unit(batch_id=batch.pk, barcode=other.barcode, by=by)


def test_while_none_is_free_it_stays_short_and_the_unit_itself_is_taken_where_it_turns_up() -> None:
    trial, batch, missing = _short()
    assert (
        report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=StaffFactory()).replaced_by
        is None
    )
    assert [each.unit for each in units_short()] == [missing]

    pick_unit(batch_id=batch.pk, barcode=missing.barcode, by=StaffFactory())

    assert not units_short().exists()
    item = trial.items.get()
    assert (item.picked_at is not None, item.not_found_at) == (True, None)


def test_packed_where_it_turns_up_at_the_table_it_is_no_longer_short() -> None:
    trial, batch, missing = _short()
    ops, by = Client(), StaffFactory()
    ops.force_login(by)

    pack_unit(trial_id=trial.pk, barcode=missing.barcode, by=by)

    assert not units_short().exists()
    assert (count_open(batch), count_short(batch)) == (0, 0)
    assert trial.items.get().not_found_at is None
    (line,) = pick_lines(batch)
    assert (line.picked, line.short, line.open) == (True, False, False)
    for page in ("/console/pick/", f"/console/pick/{batch.pk}/"):
        shown = ops.get(page).content.decode()
        for words in ("Short", "Take another", "1 unit to go"):
            assert words not in shown
    with pytest.raises(BatchOverError):
        report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=by)
    assert broken_laws() == []


def test_what_was_packed_before_its_note_was_closed_is_not_short_either() -> None:
    trial, batch, missing = _short()
    noted_at = trial.items.get().not_found_at
    pack_unit(trial_id=trial.pk, barcode=missing.barcode, by=StaffFactory())
    # As packing left it before it looked at what was missed.
    trial.items.update(not_found_at=noted_at)

    assert not units_short().exists()
    assert [line.short for line in pick_lines(batch)] == [False]


def test_its_note_is_not_open_again_when_what_replaces_it_is_missed() -> None:
    trial, batch, missing = _short()
    by = StaffFactory()
    pack_unit(trial_id=trial.pk, barcode=missing.barcode, by=by)
    place_unit(unit_id=missing.pk, location="B2", grade=Grade.D, by=by)
    other = TrialUnitFactory(variant=missing.variant)
    replace_unit(unit_id=missing.pk, by=by)

    report_not_found(batch_id=batch.pk, barcode=other.barcode, by=by)

    assert [each.unit for each in units_short()] == [other]
    assert count_short(batch) == 1
    assert broken_laws() == []


def test_its_note_is_not_open_again_when_it_is_kept_for_the_same_box_anew() -> None:
    trial, batch, missing = _short()
    other, by = TrialUnitFactory(variant=missing.variant), StaffFactory()
    pack_unit(trial_id=trial.pk, barcode=missing.barcode, by=by)
    place_unit(unit_id=missing.pk, location="B2", grade=Grade.D, by=by)
    replace_unit(unit_id=missing.pk, by=by)
    put_back_on_shelf(unit_id=missing.pk, grade=Grade.A, by=by)
    place_unit(unit_id=other.pk, location="B2", grade=Grade.D, by=by)

    assert replace_unit(unit_id=other.pk, by=by).unit == missing

    assert not units_short().exists()
    assert [(line.short, line.open) for line in pick_lines(batch)] == [(False, True)]
    assert pick_unit(batch_id=batch.pk, barcode=missing.barcode, by=by).left == 0


def test_called_off_it_does_not_free_the_unit_that_nobody_found() -> None:
    trial, _batch, missing = _short()

    cancel_trial(trial_id=trial.pk, by=StaffFactory())

    missing.refresh_from_db()
    assert missing.state == "lost"
    assert broken_laws() == []


def test_swapped_after_its_batch_was_given_up_it_does_not_free_that_unit_either() -> None:
    trial = approved_trial(frames=2)
    missing = trial.items.order_by("pk")[0].unit
    batch = make_batch(count=1, by=StaffFactory())
    report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=StaffFactory())
    cancel_batch(batch_id=batch.pk, by=StaffFactory())
    item = trial.items.get(unit=missing)

    swap_frame(
        trial_id=trial.pk, item_id=item.pk, variant_id=TrialUnitFactory().variant_id, by=trial.user
    )

    missing.refresh_from_db()
    item.refresh_from_db()
    assert (missing.state, item.not_found_at) == ("lost", None)
    assert broken_laws() == []


def test_a_unit_that_turned_up_for_the_same_box_may_be_missed_once_more() -> None:
    trial, batch, missing = _short()
    other, by = TrialUnitFactory(variant=missing.variant), StaffFactory()
    report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=by)
    with transaction.atomic():
        move_unit(unit=lock_row(TrialUnit, missing.pk), to_state=UnitState.INSPECTION, by=by)
    put_away(barcode=missing.barcode, by=by)
    back = report_not_found(batch_id=batch.pk, barcode=other.barcode, by=by)
    assert back.replaced_by == missing
    assert broken_laws() == []

    again = report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=by)

    assert again.replaced_by is None
    assert [each.unit for each in units_short()] == [missing]
    assert trial.items.get().not_found_at == again.at > back.at
    assert broken_laws() == []


def test_the_pages_of_picking_offer_to_take_another() -> None:
    _trial, batch, missing = _short()
    other = TrialUnitFactory(variant=missing.variant)
    ops = Client()
    ops.force_login(StaffFactory())
    for page in ("/console/pick/", f"/console/pick/{batch.pk}/"):
        assert "Take another" in ops.get(page).content.decode()

    answer = ops.post(
        f"/console/pick/{batch.pk}/not-found/", {"barcode": missing.barcode}, follow=True
    ).content.decode()

    assert f"Take {other.barcode}" in answer
    assert "1 unit to go" in answer
    assert "Take another" not in ops.get("/console/pick/").content.decode()
