"""A unit that takes another's place once its batch was picked is pointed to until it is fetched."""

import pytest
from django.test import Client

from shop.customers.models import User
from tests.factories.shop import StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial
from trials.fulfilment.models import PickBatch
from trials.fulfilment.queries.batches import units_to_fetch_late
from trials.fulfilment.services.batching import cancel_batch, make_batch
from trials.fulfilment.services.picking import pick_unit, report_not_found
from trials.home_trials.models import Trial
from trials.home_trials.services.packing import pack_unit
from trials.home_trials.services.replacing import replace_unit
from trials.home_trials.services.requests import cancel_trial
from trials.units.models import Grade, TrialUnit
from trials.units.services.tending import place_unit

pytestmark = pytest.mark.django_db
STILL = "Still to be fetched"


@pytest.fixture
def ola() -> User:
    return StaffFactory()


@pytest.fixture
def console(ola: User) -> Client:
    client = Client()
    client.force_login(ola)
    return client


def _replaced(ola: User) -> tuple[Trial, PickBatch, TrialUnit]:
    """Return a trial in a batch that was picked, the batch, and the unit to fetch since."""
    trial = approved_trial(frames=1)
    batch = make_batch(count=1, by=ola)
    unit = trial.items.get().unit
    pick_unit(batch_id=batch.pk, barcode=unit.barcode, by=ola)
    place_unit(unit_id=unit.pk, location="B2", grade=Grade.D, by=ola)
    other = TrialUnitFactory(variant=unit.variant, location="C4")
    replace_unit(unit_id=unit.pk, by=ola)
    batch.refresh_from_db()
    assert batch.state == "picked"
    return trial, batch, other


def test_the_pages_of_picking_point_to_it_until_it_is_picked(ola: User, console: Client) -> None:
    trial, batch, other = _replaced(ola)
    pages = ("/console/pick/", f"/console/pick/{batch.pk}/")
    for page in pages:
        shown = console.get(page).content.decode()
        assert STILL in shown
        assert other.barcode in shown
    (told,) = units_to_fetch_late()
    assert (told.batch, told.trial, told.barcode, told.location) == (
        batch.pk,
        trial.number,
        other.barcode,
        "C4",
    )
    assert "Scan a unit’s barcode" in console.get(pages[1]).content.decode()

    done = console.post(pages[1], {"barcode": other.barcode}, headers={"HX-Request": "true"})

    assert 'data-state="picked"' in done.content.decode()
    for page in pages:
        assert STILL not in console.get(page).content.decode()


def test_packed_straight_from_its_shelf_it_is_fetched(ola: User) -> None:
    trial, _batch, other = _replaced(ola)

    pack_unit(trial_id=trial.pk, barcode=other.barcode, by=ola)

    assert units_to_fetch_late() == []


def test_of_a_box_called_off_nothing_is_fetched(ola: User) -> None:
    trial, _batch, _other = _replaced(ola)

    cancel_trial(trial_id=trial.pk, by=ola)

    assert units_to_fetch_late() == []


def test_what_a_batch_being_picked_or_given_up_fetches_is_not_late(ola: User) -> None:
    approved_trial(frames=1)
    batch = make_batch(count=1, by=ola)
    assert units_to_fetch_late() == []

    cancel_batch(batch_id=batch.pk, by=ola)

    assert units_to_fetch_late() == []


def test_what_is_short_is_told_as_short_and_what_replaces_it_as_to_be_fetched(ola: User) -> None:
    trial = approved_trial(frames=1)
    batch = make_batch(count=1, by=ola)
    missing = trial.items.get().unit
    report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=ola)
    assert units_to_fetch_late() == []
    other = TrialUnitFactory(variant=missing.variant)

    report_not_found(batch_id=batch.pk, barcode=missing.barcode, by=ola)

    assert [each.barcode for each in units_to_fetch_late()] == [other.barcode]
