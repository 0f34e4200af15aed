"""A unit that is graded D after its box was closed does not go out: by no door, and all is told."""

import pytest
from django.test import Client
from django.urls import reverse

from shop.customers.models import User
from tests.factories.shop import StaffFactory
from tests.factories.trials import packed_trial
from trials.fulfilment.services.manifests import (
    add_parcel,
    close_manifest,
    hand_over_alone,
    open_manifest,
)
from trials.home_trials.errors import UnitNotFitError
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels
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
    assert "Take another unit" not in page
    cancel_trial(trial_id=trial.pk, by=ola)
    assert TrialUnit.objects.get(pk=unit.pk).state == "inspection"
