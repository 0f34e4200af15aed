"""Carriers tell late, twice or out of order; a parcel and its trial only move forward."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import packed_trial, shipped_trial
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.errors import ShipmentMissingError, TrackingStatusError
from trials.shipping.models import Shipment, TrackingEvent
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial() -> Trial:
    return shipped_trial()


@pytest.fixture
def parcels(trial: Trial) -> tuple[Shipment, Shipment]:
    return create_labels(trial_id=trial.pk, by=StaffFactory())


def _told(
    parcel: Shipment, status: str, *, at: datetime | None = None, event: str = ""
) -> Shipment:
    return record_tracking(
        tracking_number=parcel.tracking_number,
        carrier_event_id=event or f"{status}-1",
        status=status,
        occurred_at=at or timezone.now(),
    )


def test_a_delivered_parcel_begins_the_days_at_home(
    trial: Trial, parcels: tuple[Shipment, Shipment]
) -> None:
    at = timezone.now()
    with time_machine.travel(at + timedelta(hours=3)):
        parcel = _told(parcels[0], "delivered", at=at)

    trial.refresh_from_db()
    assert (parcel.state, parcel.delivered_at) == ("delivered", at)
    assert (trial.state, trial.delivered_at) == ("delivered", at)
    assert trial.due_at is not None


def test_a_message_told_twice_changes_nothing(
    trial: Trial, parcels: tuple[Shipment, Shipment]
) -> None:
    _told(parcels[0], "delivered")
    _told(parcels[0], "delivered")

    assert TrackingEvent.objects.count() == 1
    assert trial.transitions.filter(to_state="delivered").count() == 1


def test_a_late_word_of_the_journey_does_not_undo_the_delivery(
    trial: Trial, parcels: tuple[Shipment, Shipment]
) -> None:
    _told(parcels[0], "delivered")
    parcel = _told(parcels[0], "in_transit", at=timezone.now())

    trial.refresh_from_db()
    assert (parcel.state, trial.state) == ("delivered", "delivered")


def test_a_failed_attempt_told_late_does_not_undo_the_next_one(
    parcels: tuple[Shipment, Shipment],
) -> None:
    now = timezone.now()
    _told(parcels[0], "in_transit", at=now)
    parcel = _told(parcels[0], "failed", at=now - timedelta(hours=1))

    assert parcel.state == "in_transit"


def test_the_carriers_scan_ships_a_box_nobody_marked_as_shipped() -> None:
    trial = packed_trial()
    outbound, _back = create_labels(trial_id=trial.pk, by=StaffFactory())
    _told(outbound, "in_transit")

    trial.refresh_from_db()
    assert trial.state == "shipped"


def test_a_return_parcel_on_its_way_brings_the_trial_back(
    trial: Trial, parcels: tuple[Shipment, Shipment]
) -> None:
    _told(parcels[0], "delivered")
    _told(parcels[1], "in_transit")

    trial.refresh_from_db()
    assert trial.state == "returning"
    assert set(trial.items.values_list("unit__state", flat=True)) == {"in_transit_back"}


def test_a_return_parcel_told_of_only_at_its_end_brings_the_trial_back_too(
    trial: Trial, parcels: tuple[Shipment, Shipment]
) -> None:
    _told(parcels[1], "delivered")

    trial.refresh_from_db()
    assert trial.state == "returning"
    assert trial.delivered_at is not None


def test_a_parcel_of_a_cancelled_trial_is_noted_and_moves_nothing() -> None:
    trial = packed_trial()
    outbound, _back = create_labels(trial_id=trial.pk, by=StaffFactory())
    cancel_trial(trial_id=trial.pk, by=StaffFactory())

    assert _told(outbound, "delivered").state == "delivered"
    trial.refresh_from_db()
    assert trial.state == "cancelled"


def test_a_time_to_come_counts_as_now(trial: Trial, parcels: tuple[Shipment, Shipment]) -> None:
    _told(parcels[0], "delivered", at=timezone.now() + timedelta(days=40))

    trial.refresh_from_db()
    assert trial.delivered_at is not None
    assert trial.delivered_at <= timezone.now()


@pytest.mark.parametrize(
    "told",
    [datetime(2020, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=timezone.get_fixed_timezone(840))],
)
@pytest.mark.parametrize("leg", [0, 1])
def test_a_time_before_the_box_left_counts_as_that_moment_and_charges_nobody(
    trial: Trial, parcels: tuple[Shipment, Shipment], told: datetime, leg: int
) -> None:
    parcel = _told(parcels[leg], "delivered", at=told)

    trial.refresh_from_db()
    left = max(trial.shipped_at, parcel.created_at)
    assert (parcel.delivered_at, parcel.tracking.get().occurred_at) == (left, left)
    assert trial.delivered_at == left
    assert trial.due_at > timezone.now() + timedelta(days=4)
    assert trial.charge_at > timezone.now() + timedelta(days=7)


def test_a_box_counts_as_shipped_no_earlier_than_its_label() -> None:
    trial = packed_trial()
    outbound, _back = create_labels(trial_id=trial.pk, by=StaffFactory())
    _told(outbound, "delivered", at=datetime(2020, 1, 1, tzinfo=UTC))

    trial.refresh_from_db()
    assert trial.shipped_at == trial.delivered_at == outbound.created_at


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(ShipmentMissingError):
        record_tracking(
            tracking_number="LP0",
            carrier_event_id="1",
            status="delivered",
            occurred_at=timezone.now(),
        )


def test_an_unknown_status_is_refused(parcels: tuple[Shipment, Shipment]) -> None:
    with pytest.raises(TrackingStatusError):
        _told(parcels[0], "eaten")


@pytest.mark.parametrize("told", ["2020-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_time_long_gone_is_taken_west_of_greenwich_too(client: Client, told: str) -> None:
    trial = shipped_trial(user=UserFactory(time_zone="America/Los_Angeles"))
    outbound, _back = create_labels(trial_id=trial.pk, by=StaffFactory())
    client.force_login(StaffFactory())

    answer = client.post(
        reverse("api-staff-tracking", args=[outbound.tracking_number]),
        {"event_id": "1", "status": "delivered", "occurred_at": told},
        content_type="application/json",
    )

    assert (answer.status_code, answer.json()["state"]) == (200, "delivered")
    client.force_login(trial.user)
    assert client.get(reverse("trials:trial", args=[trial.number])).status_code == 200
