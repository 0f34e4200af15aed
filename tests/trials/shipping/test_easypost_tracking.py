"""What EasyPost tells, by signed webhooks and when asked."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.factories.shop import StaffFactory
from tests.factories.trials import packed_trial
from tests.trials.shipping.easypost_double import EasyPostDouble, event, signed
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_shipped
from trials.shipping.carriers.easypost import STATES
from trials.shipping.models import Shipment, TrackingEvent
from trials.shipping.queries import parcels_to_ask, parcels_to_look_after
from trials.shipping.services.labels import create_labels
from trials.shipping.tasks import ask_after, poll_tracking

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = "/webhooks/carriers/easypost/"


@pytest.fixture
def parcel(easypost: EasyPostDouble) -> Shipment:
    """Return the outbound parcel of a box that was handed over."""
    trial, by = packed_trial(), StaffFactory()
    outbound, _back = create_labels(trial_id=trial.pk, by=by)
    mark_shipped(trial_id=trial.pk, by=by)
    return outbound


def _post(body: bytes, signature: str) -> Any:
    headers = {"X-Hmac-Signature": signature} if signature else {}
    return Client().post(DOOR, body, content_type="application/json", headers=headers)


def _state(parcel: Shipment) -> tuple[str, str]:
    parcel.refresh_from_db()
    return parcel.state, Trial.objects.get(pk=parcel.trial_id).state


def test_a_signed_event_moves_parcel_and_trial(easypost: EasyPostDouble, parcel: Shipment) -> None:
    now = timezone.now()
    easypost.track(parcel.tracking_number, "in_transit", now, city="Leipzig")
    tracker = easypost.track(parcel.tracking_number, "delivered", now)
    answer = _post(*event(tracker))

    assert (answer.status_code, answer.json()) == (200, {"noted": True})
    assert _state(parcel) == ("delivered", "delivered")
    assert parcel.heard_at is not None
    descriptions = set(parcel.tracking.values_list("description", flat=True))
    assert descriptions == {"in_transit, Leipzig", "delivered"}


def test_each_event_repeats_what_was_told_and_nothing_is_noted_twice(
    easypost: EasyPostDouble, parcel: Shipment
) -> None:
    now = timezone.now()
    first = easypost.track(parcel.tracking_number, "in_transit", now)
    second = easypost.track(parcel.tracking_number, "out_for_delivery", now)
    for tracker in (second, first, second, first):
        _post(*event(tracker))
    assert TrackingEvent.objects.count() == 2


@pytest.mark.parametrize("wrong", ["", "hmac-sha256-hex=00", "hmac-sha256-hex=é", "other"])
def test_an_event_without_easyposts_signature_is_refused(
    easypost: EasyPostDouble, parcel: Shipment, wrong: str
) -> None:
    tracker = easypost.track(parcel.tracking_number, "delivered", timezone.now())
    body, _signature = event(tracker)
    assert _post(body, wrong).status_code == 403
    assert _post(*event(tracker, secret="another")).status_code == 403
    assert _state(parcel) == ("labelled", "shipped")


def test_without_a_secret_nothing_is_believed(
    easypost: EasyPostDouble, parcel: Shipment, settings: Any
) -> None:
    settings.EASYPOST_WEBHOOK_SECRET = ""
    tracker = easypost.track(parcel.tracking_number, "delivered", timezone.now())
    assert _post(*event(tracker, secret="")).status_code == 403


def test_events_about_other_parcels_and_other_things_are_taken_and_pass(
    easypost: EasyPostDouble, parcel: Shipment
) -> None:
    tracker = easypost.track(parcel.tracking_number, "delivered", timezone.now())
    for result in ({**tracker, "tracking_code": "EZNONE"}, {"object": "Batch", "id": "batch_1"}):
        answer = _post(*event(result))
        assert (answer.status_code, answer.json()) == (200, {"noted": False})


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"Event"',
        b'{"object": "Event", "result": {"object": "Tracker"}}',
        json.dumps(
            {
                "object": "Event",
                "result": {
                    "object": "Tracker",
                    "tracking_code": "EZ1",
                    "tracking_details": [{"status": "delivered", "datetime": "yesterday"}],
                },
            }
        ).encode(),
    ],
)
def test_a_signed_message_of_another_shape_is_a_clean_refusal(
    easypost: EasyPostDouble, body: bytes
) -> None:
    assert _post(*signed(body)).status_code in (200, 400)


@pytest.mark.parametrize("status", [*STATES, "unknown", "something new"])
def test_every_status_of_easypost_is_understood(
    easypost: EasyPostDouble, parcel: Shipment, status: str
) -> None:
    tracker = easypost.track(parcel.tracking_number, status, timezone.now())
    assert _post(*event(tracker)).status_code == 200
    expected = STATES.get(status)
    assert _state(parcel)[0] == (expected or "labelled")


def test_a_status_without_details_counts_too(easypost: EasyPostDouble, parcel: Shipment) -> None:
    tracker = easypost.track(parcel.tracking_number, "delivered", timezone.now())
    for _twice in range(2):
        _post(*event({**tracker, "tracking_details": []}))
    assert _state(parcel) == ("delivered", "delivered")
    assert TrackingEvent.objects.count() == 1


def test_a_silent_parcel_is_asked_after_every_six_hours(
    easypost: EasyPostDouble, parcel: Shipment
) -> None:
    now = timezone.now()
    assert parcel.pk not in parcels_to_ask(now)
    later = now + timedelta(hours=7)
    assert parcels_to_ask(later) == [parcel.pk]
    easypost.track(parcel.tracking_number, "delivered", now)
    with time_machine.travel(later):
        poll_tracking()
        ask_after(str(parcel.pk))
        # It is at home; what is asked after now is the label for the way back.
        assert parcel.pk not in parcels_to_ask(timezone.now())
    assert _state(parcel) == ("delivered", "delivered")


def test_a_parcel_that_was_asked_after_in_vain_waits_for_its_turn(
    easypost: EasyPostDouble, parcel: Shipment
) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=7)) as clock:
        ask_after(str(parcel.pk))
        assert parcels_to_ask(timezone.now()) == []
        clock.shift(timedelta(hours=7))
        assert parcels_to_ask(timezone.now()) == [parcel.pk]


def test_a_parcel_of_a_carrier_that_tells_is_never_taken_for_delivered(
    easypost: EasyPostDouble, parcel: Shipment
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        poll_tracking()
        assert _state(parcel) == ("labelled", "shipped")
        assert [each.why for each in parcels_to_look_after(timezone.now())] == ["silent"]


def test_a_parcel_heard_of_lately_is_not_silent(easypost: EasyPostDouble, parcel: Shipment) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        _post(*event(easypost.track(parcel.tracking_number, "in_transit", timezone.now())))
        assert not parcels_to_look_after(timezone.now()).exists()


def test_a_returned_parcel_begins_no_days_though_it_is_delivered_to_the_shop(
    easypost: EasyPostDouble, parcel: Shipment
) -> None:
    day = datetime.now(UTC)
    easypost.track(parcel.tracking_number, "in_transit", day)
    easypost.track(parcel.tracking_number, "return_to_sender", day + timedelta(minutes=1))
    with time_machine.travel(day + timedelta(minutes=9)):
        tracker = easypost.track(parcel.tracking_number, "delivered", day + timedelta(minutes=2))
        _post(*event(tracker))
    assert _state(parcel) == ("sent_back", "returning")
    trial = Trial.objects.get(pk=parcel.trial_id)
    assert (trial.due_at, trial.charge_at, trial.delivered_at) == (None, None, None)
    assert [each.why for each in parcels_to_look_after(timezone.now())] == ["sent_back"]
