"""Parcels are gathered by scanning and handed over at once, each trial shipped once."""

from dataclasses import dataclass

import pytest
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from tests.at_once import at_once
from tests.factories.shop import StaffFactory
from tests.factories.trials import approved_trial, packed_trial
from trials.fulfilment.errors import (
    CarrierUnknownError,
    ManifestClosedError,
    ManifestEmptyError,
    OnManifestError,
    OtherCarrierError,
    ParcelNotReadyError,
    ReturnParcelError,
)
from trials.fulfilment.models import Manifest, ManifestParcel
from trials.fulfilment.services.manifests import (
    add_parcel,
    close_manifest,
    hand_over_alone,
    open_manifest,
    remove_parcel,
)
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.carriers import BUILT_IN
from trials.shipping.errors import ShipmentMissingError
from trials.shipping.models import Shipment
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db


@dataclass
class Dock:
    """Where parcels are handed over."""

    manifest: Manifest
    by: User

    def parcel(self) -> Shipment:
        """Return the outbound parcel of a packed box."""
        return create_labels(trial_id=packed_trial(frames=1).pk, by=self.by)[0]

    def scan(self, parcel: Shipment) -> ManifestParcel:
        return add_parcel(manifest_id=self.manifest.pk, scanned=parcel.tracking_number, by=self.by)

    def close(self) -> Manifest:
        return close_manifest(manifest_id=self.manifest.pk, by=self.by)


@pytest.fixture
def dock() -> Dock:
    by = StaffFactory()
    return Dock(open_manifest(carrier=BUILT_IN, by=by), by)


def _broken() -> list[str]:
    return [each.name for each in all_invariants() if breaches(each)]


def _state(parcel: Shipment) -> str:
    return Trial.objects.get(pk=parcel.trial_id).state


def test_closing_it_ships_every_trial_on_it_once(dock: Dock) -> None:
    parcels = [dock.parcel() for _each in range(3)]
    for parcel in parcels:
        dock.scan(parcel)
    first, again = dock.close(), dock.close()

    assert (first.state, again.closed_at) == ("closed", first.closed_at)
    for parcel in parcels:
        assert _state(parcel) == "shipped"
        assert parcel.trial.transitions.filter(to_state="shipped").count() == 1


def test_a_carrier_has_one_open_manifest(dock: Dock) -> None:
    assert open_manifest(carrier=BUILT_IN, by=dock.by) == dock.manifest
    dock.scan(dock.parcel())
    dock.close()
    assert open_manifest(carrier=BUILT_IN, by=dock.by) != dock.manifest


def test_there_is_no_manifest_for_nobody() -> None:
    with pytest.raises(CarrierUnknownError):
        open_manifest(carrier="pigeon", by=StaffFactory())


def test_a_parcel_is_on_one_manifest(dock: Dock) -> None:
    parcel = dock.parcel()
    dock.scan(parcel)
    with pytest.raises(OnManifestError, match=str(dock.manifest)):
        dock.scan(parcel)


def test_only_packed_boxes_are_handed_over(dock: Dock) -> None:
    parcel = create_labels(trial_id=approved_trial().pk, by=dock.by)[0]
    with pytest.raises(ParcelNotReadyError, match="Approved"):
        dock.scan(parcel)


def test_a_return_label_goes_into_the_box_and_on_no_manifest(dock: Dock) -> None:
    back = create_labels(trial_id=packed_trial().pk, by=dock.by)[1]
    with pytest.raises(ReturnParcelError):
        dock.scan(back)


def test_a_parcel_of_another_carrier_is_put_aside(dock: Dock) -> None:
    parcel = dock.parcel()
    Shipment.objects.filter(pk=parcel.pk).update(carrier="easypost")
    with pytest.raises(OtherCarrierError):
        dock.scan(parcel)


def test_what_no_parcel_has_is_refused(dock: Dock) -> None:
    with pytest.raises(ShipmentMissingError):
        add_parcel(manifest_id=dock.manifest.pk, scanned="NONSENSE", by=dock.by)


def test_what_was_called_off_meanwhile_is_left_out_and_named(dock: Dock) -> None:
    stays, gone = dock.parcel(), dock.parcel()
    dock.scan(stays)
    dock.scan(gone)
    cancel_trial(trial_id=gone.trial_id, by=dock.by)
    dock.close()

    left_out = dict(dock.manifest.parcels.values_list("shipment", "left_out"))
    assert left_out == {stays.pk: False, gone.pk: True}
    assert (_state(stays), _state(gone)) == ("shipped", "cancelled")
    assert _broken() == []


def test_what_the_carrier_scanned_before_is_handed_over_all_the_same(dock: Dock) -> None:
    parcel = dock.parcel()
    dock.scan(parcel)
    record_tracking(
        tracking_number=parcel.tracking_number,
        carrier_event_id="1",
        status="in_transit",
        occurred_at=parcel.created_at,
    )
    dock.close()
    assert dock.manifest.parcels.get().left_out is False
    assert parcel.trial.transitions.filter(to_state="shipped").count() == 1


def test_a_parcel_taken_from_it_is_not_shipped_and_can_be_scanned_again(dock: Dock) -> None:
    parcel, other = dock.parcel(), dock.parcel()
    dock.scan(parcel)
    dock.scan(other)
    for _twice in range(2):
        remove_parcel(manifest_id=dock.manifest.pk, tracking_number=parcel.tracking_number)
    dock.close()

    assert _state(parcel) == "packed"
    dock.manifest = open_manifest(carrier=BUILT_IN, by=dock.by)
    assert dock.scan(parcel).manifest == dock.manifest


def test_nothing_is_handed_over_with_an_empty_manifest(dock: Dock) -> None:
    with pytest.raises(ManifestEmptyError):
        dock.close()
    parcel = dock.parcel()
    dock.scan(parcel)
    cancel_trial(trial_id=parcel.trial_id, by=dock.by)
    with pytest.raises(ManifestEmptyError):
        dock.close()
    assert dock.manifest.parcels.get().left_out is False


def test_nothing_is_added_to_or_taken_from_a_manifest_handed_over(dock: Dock) -> None:
    parcel = dock.parcel()
    dock.scan(parcel)
    dock.close()
    with pytest.raises(ManifestClosedError):
        dock.scan(dock.parcel())
    with pytest.raises(ManifestClosedError):
        remove_parcel(manifest_id=dock.manifest.pk, tracking_number=parcel.tracking_number)


@pytest.mark.django_db(transaction=True)
def test_closed_and_scanned_at_once_no_parcel_is_on_it_and_still_here() -> None:
    by = StaffFactory()
    dock = Dock(open_manifest(carrier=BUILT_IN, by=by), by)
    dock.scan(dock.parcel())
    late = [dock.parcel() for _each in range(4)]
    at_once(
        [dock.close, *(lambda each=each: dock.scan(each) for each in late), dock.close],  # type: ignore[misc]
        expected=ManifestClosedError,
    )
    on_it = set(dock.manifest.parcels.values_list("shipment", flat=True))
    for parcel in late:
        assert _state(parcel) == ("shipped" if parcel.pk in on_it else "packed")
    assert _broken() == []


def test_no_box_is_handed_over_alone_while_its_parcel_waits_on_an_open_manifest(
    dock: Dock,
) -> None:
    parcel = dock.parcel()
    dock.scan(parcel)

    with pytest.raises(OnManifestError, match=str(dock.manifest)):
        hand_over_alone(trial_id=parcel.trial_id, by=dock.by)
    assert _state(parcel) == "packed"

    remove_parcel(manifest_id=dock.manifest.pk, tracking_number=parcel.tracking_number)
    assert hand_over_alone(trial_id=parcel.trial_id, by=dock.by).state == "shipped"


def test_the_api_hands_over_no_box_that_waits_on_an_open_manifest(dock: Dock) -> None:
    parcel = dock.parcel()
    dock.scan(parcel)
    client = APIClient()
    client.force_authenticate(dock.by)

    answer = client.post(
        f"/api/v1/staff/trials/{parcel.trial.number}/ship/", headers={"Idempotency-Key": "1"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "on_manifest")
    assert answer.json()["manifest"] == dock.manifest.pk
