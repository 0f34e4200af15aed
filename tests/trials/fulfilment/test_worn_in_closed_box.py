"""A unit that is graded D after its box was closed does not go out: by no door, and all is told.

The box is opened, another unit takes its place, and it goes.
"""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial, packed_trial
from tests.shop.foundation.at_once import waiting_for_locks
from trials.fulfilment.queries.batches import units_to_fetch_late
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.manifests import (
    add_parcel,
    close_manifest,
    hand_over_alone,
    open_manifest,
)
from trials.fulfilment.services.picking import pick_unit
from trials.home_trials.errors import NotAllPackedError, UnitNotFitError
from trials.home_trials.models import Trial
from trials.home_trials.pages import timeline
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.replacing import replace_unit
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels
from trials.units.errors import NothingFreeError
from trials.units.models import Grade, TrialUnit
from trials.units.services.tending import place_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola() -> User:
    return StaffFactory()


def _closed(ola: User) -> tuple[Trial, Shipment]:
    trial = packed_trial(by=ola, frames=1)
    outbound, _back = create_labels(trial_id=trial.pk, by=ola)
    return trial, outbound


def _grade(trial: Trial, grade: Grade, ola: User) -> TrialUnit:
    return place_unit(unit_id=trial.items.get().unit_id, location="A1", grade=grade, by=ola)


def _books_are_right() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


def _state(trial: Trial) -> str:
    return Trial.objects.get(pk=trial.pk).state


def test_it_is_handed_over_neither_alone_nor_on_a_manifest_until_it_is_graded_anew(
    ola: User,
) -> None:
    trial, outbound = _closed(ola)
    unit = _grade(trial, Grade.D, ola)
    manifest = open_manifest(carrier=outbound.carrier, by=ola)
    for_all = f"{unit.barcode}.*{trial.number}.*call the box off"
    with pytest.raises(UnitNotFitError, match=for_all):
        add_parcel(manifest_id=manifest.pk, scanned=outbound.tracking_number, by=ola)
    with pytest.raises(UnitNotFitError, match=for_all):
        hand_over_alone(trial_id=trial.pk, by=ola)
    assert _state(trial) == "packed"

    _grade(trial, Grade.B, ola)
    hand_over_alone(trial_id=trial.pk, by=ola)
    assert _state(trial) == "shipped"


def test_on_a_manifest_already_it_is_left_out_and_the_others_go(ola: User) -> None:
    (trial, parcel), (other, another) = _closed(ola), _closed(ola)
    manifest = open_manifest(carrier=parcel.carrier, by=ola)
    for each in (parcel, another):
        add_parcel(manifest_id=manifest.pk, scanned=each.tracking_number, by=ola)
    _grade(trial, Grade.D, ola)

    close_manifest(manifest_id=manifest.pk, by=ola)

    assert (_state(trial), _state(other)) == ("packed", "shipped")
    assert manifest.parcels.get(left_out=True).shipment == parcel


def test_its_page_says_what_to_do_and_called_off_it_is_to_be_looked_at(
    ola: User, client: Client
) -> None:
    trial, _parcel = _closed(ola)
    unit = _grade(trial, Grade.D, ola)
    client.force_login(ola)

    page = client.get(reverse("console:unit", args=[unit.barcode])).content.decode()

    assert "It lies in a closed box" in page
    assert "Open the box and take another unit" in page
    cancel_trial(trial_id=trial.pk, by=ola)
    assert TrialUnit.objects.get(pk=unit.pk).state == "inspection"


def test_the_box_is_opened_and_goes_with_another_in_its_place(ola: User, client: Client) -> None:
    trial = packed_trial(by=ola, frames=2)
    labels = create_labels(trial_id=trial.pk, by=ola)
    stays, worn = trial.items.order_by("pk")
    place_unit(unit_id=worn.unit_id, location="A1", grade=Grade.D, by=ola)
    other = TrialUnitFactory(variant=worn.variant, location="C4")
    client.force_login(ola)

    done = client.post(reverse("console:unit_another", args=[worn.unit.barcode]), follow=True)

    assert f"{other.barcode} takes its place in {trial.number}" in done.content.decode()
    hers = timeline(trial)[0]
    assert (hers["title"], hers["note"]) == ("Opened again: another pair of a frame goes in", "")
    last = trial.transitions.last()
    assert (last.from_state, last.to_state, last.actor) == ("packed", "approved", ola)
    assert last.reason.startswith("Opened again")
    assert TrialUnit.objects.get(pk=worn.unit_id).state == "repair"
    stays.refresh_from_db()
    worn.refresh_from_db()
    assert stays.packed_at is not None
    assert (worn.unit, worn.packed_at) == (other, None)
    _books_are_right()
    with pytest.raises(NotAllPackedError, match=other.barcode):
        finish_packing(trial_id=trial.pk, by=ola)
    pack_unit(trial_id=trial.pk, barcode=other.barcode, by=ola)
    finish_packing(trial_id=trial.pk, by=ola)
    assert list(create_labels(trial_id=trial.pk, by=ola)) == list(labels)
    hand_over_alone(trial_id=trial.pk, by=ola)
    assert _state(trial) == "shipped"
    _books_are_right()


def test_where_no_other_is_free_it_stays_closed(ola: User) -> None:
    trial, _parcel = _closed(ola)
    unit = _grade(trial, Grade.D, ola)

    with pytest.raises(NothingFreeError, match="call the box off"):
        replace_unit(unit_id=unit.pk, by=ola)

    assert _state(trial) == "packed"
    assert TrialUnit.objects.get(pk=unit.pk).state == "packed"


def test_what_its_batch_picked_is_fetched_late_for_the_box_that_was_opened(ola: User) -> None:
    trial = approved_trial(frames=1)
    batch = make_batch(count=1, by=ola)
    unit = trial.items.get().unit
    pick_unit(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    pack_unit(trial_id=trial.pk, barcode=unit.barcode, by=ola)
    finish_packing(trial_id=trial.pk, by=ola)
    _grade(trial, Grade.D, ola)
    other = TrialUnitFactory(variant=unit.variant)

    replace_unit(unit_id=unit.pk, by=ola)

    assert [each.barcode for each in units_to_fetch_late()] == [other.barcode]
    assert pick_unit(batch_id=batch.pk, barcode=other.barcode, by=ola).left == 0


def test_opened_on_a_manifest_it_is_left_out_unless_it_is_packed_again(ola: User) -> None:
    (trial, parcel), (_other, another) = _closed(ola), _closed(ola)
    manifest = open_manifest(carrier=parcel.carrier, by=ola)
    for each in (parcel, another):
        add_parcel(manifest_id=manifest.pk, scanned=each.tracking_number, by=ola)
    unit = _grade(trial, Grade.D, ola)
    new = TrialUnitFactory(variant=unit.variant)
    replace_unit(unit_id=unit.pk, by=ola)
    ops = Client()
    ops.force_login(ola)

    done = ops.post(reverse("console:manifest_close", args=[manifest.pk]), follow=True)

    _handed_over, told = [str(each) for each in done.context["messages"]]
    assert told.startswith("Left out for a unit that was graded D")
    assert trial.number in told
    pack_unit(trial_id=trial.pk, barcode=new.barcode, by=ola)
    finish_packing(trial_id=trial.pk, by=ola)
    following = open_manifest(carrier=parcel.carrier, by=ola)
    add_parcel(manifest_id=following.pk, scanned=parcel.tracking_number, by=ola)
    close_manifest(manifest_id=following.pk, by=ola)
    assert _state(trial) == "shipped"
    _books_are_right()


@pytest.mark.django_db(transaction=True)
def test_graded_in_the_very_moment_it_is_handed_over_it_stays() -> None:
    ola = StaffFactory()
    trial, _parcel = _closed(ola)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            _grade(trial, Grade.D, ola)
            handing_over = pool.submit(_hand_over, trial, ola)
            end = monotonic() + 10
            while not handing_over.done() and not waiting_for_locks() and monotonic() < end:
                sleep(0.01)
            assert not handing_over.done()

        with pytest.raises(UnitNotFitError):
            handing_over.result(timeout=20)
    assert _state(trial) == "packed"


def _hand_over(trial: Trial, ola: User) -> None:
    try:
        hand_over_alone(trial_id=trial.pk, by=ola)
    finally:
        connection.close()
