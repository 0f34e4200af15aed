"""A parcel that may still come is given up only by who has read when it should be there."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial, shipped_trial
from tests.trials.returns.boxes_back import parcels, scanned
from trials.claims.models import Claim
from trials.home_trials.models import Trial
from trials.reports.missed_boxes import tell_never_came
from trials.returns.errors import LostEarlyError, NotLostError
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg, ShipmentState

pytestmark = pytest.mark.django_db
# Three days in the post, as the programme of the tests has it.
POST = timedelta(days=3)
AGO = timezone.now() - timedelta(days=40)


@pytest.fixture
def ola() -> User:
    return StaffFactory()


def _on_its_way_out(at: datetime) -> tuple[Trial, str]:
    with time_machine.travel(at):
        trial = shipped_trial()
        return trial, parcels(trial)[Leg.OUTBOUND].tracking_number


def _lose(number: str, by: User, **more: Any) -> Claim:
    return lose_parcel(tracking_number=number, by=by, **more)


def test_minutes_after_it_was_handed_over_it_is_asked_again(ola: User) -> None:
    trial, number = _on_its_way_out(AGO)
    with time_machine.travel(AGO + timedelta(minutes=5)), pytest.raises(LostEarlyError) as early:
        _lose(number, ola)

    assert early.value.facts.handed_over_at == Trial.objects.get(pk=trial.pk).shipped_at
    assert early.value.facts.last_scan_at is None
    assert early.value.facts.expected_at - early.value.facts.handed_over_at == POST
    assert not Claim.objects.exists()


def test_who_knows_better_gives_it_up_all_the_same(ola: User) -> None:
    _trial, number = _on_its_way_out(AGO)
    with time_machine.travel(AGO + timedelta(minutes=5)):
        claim = _lose(number, ola, early=True)
        # Given up is given up: nobody is asked about it again.
        assert _lose(number, ola) == claim


def test_after_its_days_in_the_post_nobody_is_asked(ola: User) -> None:
    _trial, number = _on_its_way_out(AGO)
    with time_machine.travel(AGO + POST + timedelta(minutes=5)):
        assert _lose(number, ola).state == "open"


def test_a_scan_begins_them_anew(ola: User) -> None:
    with time_machine.travel(AGO):
        trial = shipped_trial()
    with time_machine.travel(AGO + timedelta(days=10)):
        parcel = scanned(trial, Leg.OUTBOUND)
    with time_machine.travel(AGO + timedelta(days=11)), pytest.raises(LostEarlyError) as early:
        _lose(parcel.tracking_number, ola)
    assert early.value.facts.last_scan_at == parcel.created_at


def test_a_parcel_back_counts_from_its_scan(ola: User) -> None:
    with time_machine.travel(AGO):
        number = scanned(delivered_trial(), Leg.RETURN).tracking_number
    with time_machine.travel(AGO + timedelta(days=1)), pytest.raises(LostEarlyError):
        _lose(number, ola)
    with time_machine.travel(AGO + POST + timedelta(days=1)):
        assert _lose(number, ola).state == "open"


def test_of_a_box_its_customer_misses_nobody_is_asked(ola: User) -> None:
    with time_machine.travel(AGO):
        trial = shipped_trial()
        number = scanned(trial, Leg.OUTBOUND, ShipmentState.DELIVERED).tracking_number
    with time_machine.travel(AGO + timedelta(days=1)):
        tell_never_came(user=trial.user, number=trial.number)
        assert _lose(number, ola).state == "open"


def test_what_cannot_be_lost_is_refused_first(ola: User) -> None:
    number = parcels(delivered_trial())[Leg.OUTBOUND].tracking_number
    with pytest.raises(NotLostError):
        _lose(number, ola)


def test_the_page_asks_with_the_facts(ola: User) -> None:
    console = Client()
    console.force_login(ola)
    trial, number = _on_its_way_out(timezone.now())
    url = f"/console/parcels/{number}/lose/"

    asked = console.post(url, {"reason": "It fell off"})
    page = asked.content.decode()
    assert (asked.status_code, Claim.objects.count()) == (409, 0)
    for words in (number, trial.number, "It fell off", "Handed over", "No scan yet", "until"):
        assert words in page, words

    console.post(url, {"reason": "It fell off", "early": "on"})
    assert Claim.objects.get().shipment.tracking_number == number


def test_programs_say_that_they_know(ola: User) -> None:
    api = APIClient()
    api.force_authenticate(ola)
    _trial, number = _on_its_way_out(timezone.now())
    url = f"/api/v1/staff/shipments/{number}/lose/"

    early = api.post(url, {}, headers={"Idempotency-Key": "1"}, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "parcel_expected")
    assert {"handed_over_at", "last_scan_at", "expected_at"} <= set(early.json())
    known = api.post(url, {"early": True}, headers={"Idempotency-Key": "2"}, format="json")
    assert known.json()["state"] == "open"
