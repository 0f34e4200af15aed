"""What becomes of the postage of a label nobody used: EasyPost tells of it, or is asked."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from shop.foundation.outbox import carry_out_due
from shop.payments.models import LedgerEntry
from tests.factories.shop import StaffFactory
from tests.factories.trials import approved_trial
from tests.trials.economics.costs import rates
from tests.trials.shipping.easypost_double import EasyPostDouble, Fault, event
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.errors import CarrierUnreachableError
from trials.shipping.models import Shipment
from trials.shipping.queries import refunds_to_ask
from trials.shipping.services.labels import ask_refund, create_labels
from trials.shipping.tasks import ask_after_refund, poll_tracking

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def given_back(easypost: EasyPostDouble) -> Shipment:
    """The outbound label of a trial that was called off, its refund asked for."""
    rates()
    trial = approved_trial()
    outbound, _back = create_labels(trial_id=trial.pk, by=StaffFactory())
    cancel_trial(trial_id=trial.pk, by=StaffFactory())
    for _each in range(3):
        carry_out_due()
    outbound.refresh_from_db()
    assert outbound.refund_state == "asked"
    return outbound


def a_turn_of_the_beat() -> None:
    """Do what the beat begins, and what workers are then rung for."""
    poll_tracking()
    for shipment_id in refunds_to_ask(timezone.now()):
        ask_after_refund(str(shipment_id))


def booked(parcel: Shipment) -> int:
    """Return how often the postage of a parcel was booked back."""
    return (
        LedgerEntry.objects.filter(transaction__reference=f"back:{parcel.pk}")
        .values("transaction")
        .distinct()
        .count()
    )


def state(parcel: Shipment) -> str:
    parcel.refresh_from_db()
    return parcel.refund_state


def tell(body: bytes, signature: str) -> Any:
    return Client().post(
        "/webhooks/carriers/easypost/",
        body,
        content_type="application/json",
        headers={"X-Hmac-Signature": signature},
    )


@pytest.mark.parametrize(("status", "times"), [("refunded", 1), ("rejected", 0)])
def test_what_the_carrier_decided_is_learned_by_asking_and_booked_once(
    easypost: EasyPostDouble, given_back: Shipment, status: str, times: int
) -> None:
    a_turn_of_the_beat()
    assert (state(given_back), booked(given_back)) == ("asked", 0)
    easypost.decide_refund(given_back.tracking_number, status)
    a_turn_of_the_beat()
    assert state(given_back) == "asked"
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        a_turn_of_the_beat()
        a_turn_of_the_beat()
    assert (state(given_back), booked(given_back)) == (status, times)


def test_a_signed_event_has_the_carrier_asked_at_once_and_told_twice_changes_nothing(
    easypost: EasyPostDouble, given_back: Shipment
) -> None:
    refund = easypost.decide_refund(given_back.tracking_number, "refunded")
    answers = [tell(*event(refund)) for _each in range(2)]
    assert [each.json() for each in answers] == [{"noted": True}] * 2
    assert state(given_back) == "asked"
    carry_out_due()
    assert (state(given_back), booked(given_back)) == ("refunded", 1)
    assert tell(*event(refund)).json() == {"noted": False}
    assert tell(*event(refund, secret="another")).status_code == 403


def test_an_event_is_not_believed_where_the_carrier_says_otherwise(
    easypost: EasyPostDouble, given_back: Shipment
) -> None:
    refund = easypost.decide_refund(given_back.tracking_number, "submitted")
    assert tell(*event({**refund, "status": "refunded"})).status_code == 200
    assert tell(*event({**refund, "tracking_code": ["x"]})).status_code == 200
    assert tell(*event({**refund, "tracking_code": "OTHER"})).json() == {"noted": False}
    carry_out_due()
    assert (state(given_back), booked(given_back)) == ("asked", 0)


def test_a_carrier_that_does_not_answer_is_asked_on_another_day_for_three_months(
    easypost: EasyPostDouble, given_back: Shipment
) -> None:
    now = timezone.now()
    assert given_back.pk in refunds_to_ask(now)
    easypost.faults.append(Fault(f"/{given_back.carrier_reference}", 503))
    with pytest.raises(CarrierUnreachableError):
        ask_refund(shipment_id=given_back.pk)
    assert state(given_back) == "asked"
    assert given_back.pk not in refunds_to_ask(timezone.now())
    assert given_back.pk in refunds_to_ask(now + timedelta(days=2))
    assert given_back.pk not in refunds_to_ask(now + timedelta(days=91))
